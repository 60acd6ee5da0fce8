package dev.precept.runtime;

import java.time.Duration;
import java.util.Optional;

/**
 * A role of the pipeline: prompts, a worker, the topology or a sink. It runs alone in a process or beside others, from
 * {@link #start} until {@link #close}.
 */
public interface App extends AutoCloseable {
    /** The role, as in logs and client ids. */
    String name();

    /** Starts the work and returns. */
    void start();

    /** The failure that ended the app. An outage that it waits out is not a failure. */
    Optional<Throwable> failure();

    /** The outage that the app waits for, in one line. */
    default Optional<String> readinessProblem() {
        return Optional.empty();
    }

    /** Why the app has not started to work yet, in one line; empty once it has. */
    default Optional<String> startupProblem() {
        return Optional.empty();
    }

    /** The time since its loop last completed an iteration. The loop keeps iterating during an outage. */
    default Duration timeSinceLastPoll() {
        return Duration.ZERO;
    }

    /** Whether all work is done. */
    default boolean isFinished() {
        return false;
    }

    /** Drains and stops: work in progress is completed or returned. Blocks until then. */
    @Override
    void close();
}
