package dev.precept.runs;

import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.PartitionProgress;
import dev.precept.records.Spend;
import dev.precept.schemas.Topics;
import java.time.Instant;

/** Reads the progress of a run from the topics that the topology and the workers write. Not thread-safe. */
public final class ProgressReader implements AutoCloseable {
    private final String runId;
    private final int partitions;
    private final CompactedTopic<PartitionProgress> progress;
    private final CompactedTopic<Spend> spend;
    private final RecentEnds recent = new RecentEnds();

    public ProgressReader(KafkaAccess kafka, String runId) {
        this.runId = runId;
        this.partitions = kafka.partitions();
        this.progress = new CompactedTopic<>(kafka, Topics.PROGRESS, record -> {
            if (record.getRunId().equals(runId)) {
                recent.add(record);
            }
        });
        this.spend = new CompactedTopic<>(kafka, Topics.SPEND);
    }

    public RunProgress read() {
        return RunProgress.of(
                runId,
                partitions,
                progress.readToEnd().values(),
                spend.readToEnd().values());
    }

    /** Slots that ended in the minute up to {@code now}, by what was read last. */
    double slotsPerMinute(Instant started, Instant now) {
        return recent.perMinute(started, now);
    }

    @Override
    public void close() {
        progress.close();
        spend.close();
    }
}
