package dev.precept.runtime;

import java.time.Duration;
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
    default Optional<String> readinessProblem() {
        return Optional.empty();
    }

    /** Why this app has not begun its work since it was started, in one line; empty once it has. */
    default Optional<String> startupProblem() {
        return Optional.empty();
    }

    /** For how long its own loop has not turned. Waiting for something outside is turning. */
    default Duration timeSinceLastPoll() {
        return Duration.ZERO;
    }

    /** Whether it did all that it had to do, and would do nothing more. */
    default boolean isFinished() {
        return false;
    }

    /** Drains and stops: what was taken is finished or handed back. Blocks until then. */
    @Override
    void close();
}
