package dev.precept.runtime;

import java.util.Optional;

/**
 * One process of the factory, or its part in a process that holds several. It starts, it works until it is closed, and it
 * says when it can not go on.
 */
public interface App extends AutoCloseable {
    /** The role, as it appears in logs and client ids. */
    String name();

    /** Begins to work and returns. */
    void start();

    /** Why this app cannot go on; empty as long as it can. An outage it waits for is not a failure. */
    Optional<Throwable> failure();

    /** What this app waits for outside of the factory, in one line; empty while it waits for nothing. */
    default Optional<String> notReady() {
        return Optional.empty();
    }

    /** Drains and stops: what was taken is finished or handed back. Blocks until then. */
    @Override
    void close();
}
