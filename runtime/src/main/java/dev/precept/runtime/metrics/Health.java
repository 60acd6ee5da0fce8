package dev.precept.runtime.metrics;

import java.util.Optional;

/** What a process says of itself to whoever runs it; each answer is empty, or one line that says what is wrong. Thread-safe. */
public interface Health {
    /** Why it should be started anew: its own loop does not turn. An outage of something else is no reason. */
    default Optional<String> livenessProblem() {
        return Optional.empty();
    }

    /** Why it cannot do its work now. */
    Optional<String> readinessProblem();

    /** Why it has not begun to work since it was started. */
    default Optional<String> startupProblem() {
        return Optional.empty();
    }
}
