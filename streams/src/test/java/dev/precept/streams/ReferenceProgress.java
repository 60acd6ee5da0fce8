package dev.precept.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.GenerationTask;
import dev.precept.records.JudgingTask;
import dev.precept.records.LedgerRow;
import dev.precept.records.PartitionComplete;
import dev.precept.records.PartitionProgress;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.records.SlotRef;
import dev.precept.schemas.SlotId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** Counts progress from the output records, and compares it with the progress that the topology publishes. */
final class ReferenceProgress {
    private final Map<String, PartitionProgress> progress = new HashMap<>();
    private final Map<String, Long> accepted = new HashMap<>();
    private final Map<String, Map<String, Long>> rejected = new HashMap<>();
    private final Map<String, Map<String, Long>> invalid = new HashMap<>();
    private final Map<String, Long> acceptedRepairs = new HashMap<>();
    /** The repaired attempt of each slot, by run. */
    private final Map<String, Map<String, Integer>> repairs = new HashMap<>();

    private final Set<String> ended = new HashSet<>();
    private final Map<String, Integer> completions = new HashMap<>();

    /** The task that each open slot waits for. */
    private final Map<String, SpecificRecord> open = new HashMap<>();

    private final List<GenerationTask> everGenerated = new ArrayList<>();
    private final List<JudgingTask> everJudged = new ArrayList<>();

    /** Adds the output of a decodable event. */
    void enter(TopologyOutput output) {
        PartitionProgress partitionProgress = output.progress();
        assertBalanced(partitionProgress);
        for (Sample sample : output.samples()) {
            end(sample.getRunId(), SlotId.of(sample.getPromptId(), sample.getSlot()));
            accepted.merge(sample.getRunId(), 1L, Long::sum);
            acceptedRepairs.merge(sample.getRunId(), sample.getRepaired() ? 1L : 0L, Long::sum);
        }
        for (Rejection end : output.ends()) {
            end(end.getRunId(), end.getSlotId());
            if (end.getReason() == null) {
                count(
                        invalid,
                        end.getRunId(),
                        Objects.requireNonNull(end.getInvalidReason()).name());
            } else {
                count(rejected, end.getRunId(), end.getReason().name());
            }
        }
        for (GenerationTask task : output.generation()) {
            open.put(key(task.getRef()), task);
            everGenerated.add(task);
            if (task.getRepair() != null) {
                int attempt = task.getRef().getAttempt();
                assertThat(repairs.computeIfAbsent(task.getRef().getRunId(), run -> new HashMap<>())
                                .merge(key(task.getRef()), attempt, Math::min))
                        .as("the attempt of the slot that is a repair")
                        .isEqualTo(attempt);
            }
        }
        for (JudgingTask task : output.judging()) {
            open.put(key(task.getCandidate().getTask().getRef()), task);
            everJudged.add(task);
        }
        for (PartitionComplete marker : output.completions()) {
            completions.merge(partitionProgress.getRunId(), 1, Integer::sum);
            assertThat(marker)
                    .isEqualTo(new PartitionComplete(
                            0,
                            partitionProgress.getSlots(),
                            partitionProgress.getAccepted(),
                            sum(partitionProgress.getRejected()),
                            sum(partitionProgress.getInvalid())));
            assertThat(partitionProgress.getInFlight()).isEmpty();
        }
        assertThat(partitionProgress.getAccepted()).isEqualTo(accepted.getOrDefault(partitionProgress.getRunId(), 0L));
        assertThat(partitionProgress.getRejected())
                .isEqualTo(rejected.getOrDefault(partitionProgress.getRunId(), Map.of()));
        assertThat(partitionProgress.getInvalid())
                .isEqualTo(invalid.getOrDefault(partitionProgress.getRunId(), Map.of()));
        progress.put(partitionProgress.getRunId(), partitionProgress);
    }

    /** Whether the slot waits for an answer to this task. */
    boolean awaited(SlotRef ref, SpecificRecord task) {
        return task.equals(open.get(key(ref)));
    }

    @Nullable
    PartitionProgress progress(String run) {
        return progress.get(run);
    }

    List<SpecificRecord> open() {
        return List.copyOf(open.values());
    }

    List<GenerationTask> everGenerated() {
        return everGenerated;
    }

    List<JudgingTask> everJudged() {
        return everJudged;
    }

    long repairs(String run) {
        return repairs.getOrDefault(run, Map.of()).size();
    }

    long acceptedRepairs(String run) {
        return acceptedRepairs.getOrDefault(run, 0L);
    }

    int completions(String run) {
        return completions.getOrDefault(run, 0);
    }

    int ended() {
        return ended.size();
    }

    /** In-flight slots by state, as a scan of the ledger counts them. */
    void assertInFlight(Map<String, LedgerRow> rows) {
        Map<String, Map<String, Long>> scanned = new HashMap<>();
        rows.forEach((key, row) -> {
            switch (row.getState()) {
                case ADMITTED, CHECKING, GENERATING, SCREENING, JUDGING, CURATING ->
                    count(
                            scanned,
                            key.substring(0, key.indexOf('|')),
                            row.getState().name());
                case ACCEPTED, REJECTED, INVALID -> {}
            }
        });
        progress.forEach((run, partitionProgress) ->
                assertThat(partitionProgress.getInFlight()).isEqualTo(scanned.getOrDefault(run, Map.of())));
    }

    static void assertBalanced(PartitionProgress partitionProgress) {
        assertThat(partitionProgress.getAccepted()
                        + sum(partitionProgress.getRejected())
                        + sum(partitionProgress.getInvalid())
                        + sum(partitionProgress.getInFlight()))
                .isEqualTo(partitionProgress.getSlots());
        assertThat(partitionProgress.getInFlight().values()).allMatch(count -> count > 0);
    }

    static String key(SlotRef ref) {
        return ref.getRunId() + " " + SlotId.of(ref);
    }

    private void end(String run, String slotId) {
        assertThat(ended.add(run + " " + slotId)).as("%s ends twice", slotId).isTrue();
        open.remove(run + " " + slotId);
    }

    private static void count(Map<String, Map<String, Long>> counts, String run, String name) {
        counts.computeIfAbsent(run, any -> new HashMap<>()).merge(name, 1L, Long::sum);
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
