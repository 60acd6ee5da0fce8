package dev.precept.runtime.metrics;

import java.util.Optional;

/** Health of a process as its orchestrator probes it. Each problem is one line; empty means healthy. Thread-safe. */
public interface Health {
    /** Why the process must be restarted: its loop is stuck. An outage of a dependency is not a liveness problem. */
    default Optional<String> livenessProblem() {
        return Optional.empty();
    }

    /** Why the process cannot work now. */
    Optional<String> readinessProblem();
}
