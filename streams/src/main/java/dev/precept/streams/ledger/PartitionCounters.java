package dev.precept.streams.ledger;

import dev.precept.records.InvalidReason;
import dev.precept.records.PartitionComplete;
import dev.precept.records.PartitionProgress;
import dev.precept.records.Reason;
import dev.precept.records.SlotState;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The progress of one run on one partition, while one event is applied. Every transition is counted, and no count is
 * derived by subtraction, so the balance is a real check. Not thread-safe.
 */
final class PartitionCounters {
    private final PartitionProgress progress;

    private PartitionCounters(PartitionProgress partitionProgress) {
        this.progress = partitionProgress;
    }

    static PartitionCounters empty(String runId, int partition) {
        return new PartitionCounters(PartitionProgress.newBuilder()
                .setRunId(runId)
                .setPartition(partition)
                .setSlots(0)
                .setAccepted(0)
                .setRejected(new HashMap<>())
                .setInvalid(new HashMap<>())
                .setInFlight(new HashMap<>())
                .setReplayed(0)
                .setStale(0)
                .setPromptsRead(0)
                .setSources(0)
                .setComplete(false)
                .setAsOf(Instant.EPOCH)
                .setFindings(new HashMap<>())
                .setAcceptedFindings(new HashMap<>())
                .build());
    }

    static PartitionCounters of(PartitionProgress partitionProgress) {
        return new PartitionCounters(
                PartitionProgress.newBuilder(partitionProgress).build());
    }

    PartitionProgress progress() {
        return progress;
    }

    void countPromptRead() {
        progress.setPromptsRead(progress.getPromptsRead() + 1);
    }

    void countReplayed() {
        progress.setReplayed(progress.getReplayed() + 1);
    }

    void countStale() {
        progress.setStale(progress.getStale() + 1);
    }

    void countAdmitted() {
        progress.setSlots(progress.getSlots() + 1);
        add(progress.getInFlight(), SlotState.ADMITTED.name(), 1);
    }

    void countTransition(SlotState from, SlotState to) {
        Transitions.require(from, to);
        add(progress.getInFlight(), from.name(), -1);
        if (!Transitions.isTerminal(to)) {
            add(progress.getInFlight(), to.name(), 1);
        }
    }

    /** @param categories of the sample; one of several is counted for none, since a version counts it for its rarest one */
    void countAccepted(List<String> categories) {
        progress.setAccepted(progress.getAccepted() + 1);
        if (categories.size() == 1) {
            add(progress.getAcceptedOfCategory(), categories.getFirst(), 1);
        }
    }

    /** Accepted samples that have only this category. */
    long acceptedOf(String category) {
        return progress.getAcceptedOfCategory().getOrDefault(category, 0L);
    }

    void countRejected(Reason reason) {
        add(progress.getRejected(), reason.name(), 1);
    }

    void countInvalid(InvalidReason invalidReason) {
        add(progress.getInvalid(), invalidReason.name(), 1);
    }

    /** Counts a complete completion under each kind of its findings. */
    void countFindings(Set<String> kinds) {
        kinds.forEach(kind -> add(progress.getFindings(), kind, 1));
    }

    /** As {@link #countFindings}, of an accepted one. */
    void countAcceptedFindings(Set<String> kinds) {
        kinds.forEach(kind -> add(progress.getAcceptedFindings(), kind, 1));
    }

    /** Counts an attempt that is requested as a repair. */
    void countRepair() {
        progress.setRepairs(progress.getRepairs() + 1);
    }

    /** Counts an accepted one. */
    void countAcceptedRepair() {
        progress.setAcceptedRepairs(progress.getAcceptedRepairs() + 1);
    }

    /** Sets the number of sources of the run. */
    void setSources(int sources) {
        progress.setSources(sources);
    }

    /** Counts a source that has ended. The caller counts each source once. */
    void countEndedSource() {
        progress.setEndedSources(progress.getEndedSources() + 1);
    }

    /** Removes and returns the names of ended sources that an earlier version stored. */
    List<String> takeNamedSources() {
        List<String> names = progress.getSourcesEnded();
        progress.setSourcesEnded(List.of());
        return names;
    }

    /** Records that intake has processed the prompts topic up to this offset. */
    void recordPromptsOffset(long offset) {
        progress.setPromptsOffset(Math.max(progress.getPromptsOffset(), offset));
    }

    boolean isComplete() {
        return progress.getComplete();
    }

    /** True exactly once: when every source has ended and every slot is terminal. */
    boolean tryComplete() {
        boolean now = !progress.getComplete()
                && progress.getSources() > 0
                && progress.getEndedSources() == progress.getSources()
                && progress.getInFlight().isEmpty();
        if (now) {
            progress.setComplete(true);
        }
        return now;
    }

    PartitionComplete completionMarker() {
        return PartitionComplete.newBuilder()
                .setPartition(progress.getPartition())
                .setSlots(progress.getSlots())
                .setAccepted(progress.getAccepted())
                .setRejected(total(progress.getRejected()))
                .setInvalid(total(progress.getInvalid()))
                .build();
    }

    /** @throws UnbalancedProgressException if the counts do not balance */
    PartitionProgress finish(Instant asOf) {
        long counted = progress.getAccepted()
                + total(progress.getRejected())
                + total(progress.getInvalid())
                + total(progress.getInFlight());
        if (counted != progress.getSlots()) {
            throw new UnbalancedProgressException(
                    "the progress of run " + progress.getRunId() + " on partition " + progress.getPartition()
                            + " does not balance: " + progress.getSlots() + " slots, " + counted + " counted");
        }
        progress.setAsOf(asOf);
        return progress;
    }

    private static void add(Map<String, Long> counts, String name, long amount) {
        long sum = counts.getOrDefault(name, 0L) + amount;
        if (sum == 0) {
            counts.remove(name);
        } else {
            counts.put(name, sum);
        }
    }

    private static long total(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
