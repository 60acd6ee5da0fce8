package dev.precept.cli.command;

import dev.precept.records.PartitionProgress;
import java.time.Instant;
import java.util.Map;

/** Records of runs that no process works on. */
final class RunRecords {
    private RunRecords() {}

    /** The progress of a run without slots that is complete, in partition 0. */
    static PartitionProgress complete(String run) {
        return PartitionProgress.newBuilder()
                .setRunId(run)
                .setPartition(0)
                .setSlots(0)
                .setAccepted(0)
                .setRejected(Map.of())
                .setInvalid(Map.of())
                .setInFlight(Map.of())
                .setReplayed(0)
                .setStale(0)
                .setPromptsRead(0)
                .setSources(0)
                .setComplete(true)
                .setAsOf(Instant.EPOCH)
                .build();
    }
}
