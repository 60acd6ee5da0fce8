package dev.precept.dataset.release;

import dev.precept.dataset.Dataset;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The order in which the runs of a dataset were opened; of those opened at one time, that of their ids. */
final class RunOrder implements Comparator<String> {
    private final Map<String, Instant> started;

    RunOrder(List<Dataset.RunEntry> runs) {
        this.started = runs.stream()
                .collect(Collectors.toMap(
                        Dataset.RunEntry::runId, run -> run.started().orElse(Instant.MIN)));
    }

    /** A run that was registered after the runs of a version were read comes last. */
    @Override
    public int compare(String one, String other) {
        int compared = started.getOrDefault(one, Instant.MAX).compareTo(started.getOrDefault(other, Instant.MAX));
        return compared == 0 ? one.compareTo(other) : compared;
    }

    /** The number of known runs that come before a run. */
    int rank(String run) {
        return (int) started.keySet().stream()
                .filter(other -> compare(other, run) < 0)
                .count();
    }
}
