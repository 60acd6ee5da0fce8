package dev.precept.runs;

import dev.precept.config.ConfigurationException;
import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.PartitionProgress;
import dev.precept.records.Run;
import dev.precept.schemas.Topics;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The runs of a dataset that are registered in Kafka and not complete. At most one of them may make model calls. */
public final class OpenRuns {
    private OpenRuns() {}

    /** Of these runs, those that are not complete. */
    static Set<String> incomplete(KafkaAccess kafka, Set<String> registered) {
        Set<String> open = new TreeSet<>();
        try (CompactedTopic<PartitionProgress> progress = new CompactedTopic<>(kafka, Topics.PROGRESS)) {
            Collection<PartitionProgress> all = progress.readToEnd().values();
            for (String run : registered) {
                if (!RunProgress.of(run, kafka.partitions(), all, List.of()).complete()) {
                    open.add(run);
                }
            }
        }
        return open;
    }

    /**
     * Requires that no other run may make calls: one that is cancelled may end beside a new one.
     *
     * @throws ConfigurationException if a run with another id is open and not cancelled
     */
    static void requireNoOther(KafkaAccess kafka, String runId, Map<String, Run> registered) {
        Set<String> others = new TreeSet<>();
        registered.values().stream()
                .filter(run -> !run.getRunId().equals(runId) && !run.getCancelled())
                .forEach(run -> others.add(run.getRunId()));
        Optional<String> open = others.isEmpty()
                ? Optional.empty()
                : incomplete(kafka, others).stream().findFirst();
        if (open.isPresent()) {
            throw new ConfigurationException("run " + runId + ": the dataset with topics "
                    + kafka.namespace().prefix() + ".* at " + kafka.bootstrapServers() + " has another open run, "
                    + open.get() + ", and its workers work for one run at a time; resume that run with its own recipe,"
                    + " or end it with 'precept cancel --recipe FILE --run " + open.get() + "'");
        }
    }
}
