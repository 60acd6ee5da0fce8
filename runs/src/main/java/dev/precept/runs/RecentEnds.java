package dev.precept.runs;

import dev.precept.records.PartitionProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * The slots of a run that ended in the last minute, from the records of its progress topic: the newest are not compacted yet,
 * so that a process that has just started knows them too. Not thread-safe.
 */
final class RecentEnds {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final double MILLIS_PER_MINUTE = WINDOW.toMillis();
    /** A rate of less time says nothing. */
    private static final Duration MIN_TIME = Duration.ofSeconds(5);

    private final Map<Integer, Long> endedByPartition = new HashMap<>();
    private final Deque<Ends> recent = new ArrayDeque<>();
    private Instant newest = Instant.EPOCH;

    private record Ends(Instant asOf, long slots) {}

    /** Records of a partition come in order. */
    void add(PartitionProgress progress) {
        long ended = progress.getAccepted() + sum(progress.getRejected()) + sum(progress.getInvalid());
        Long before = endedByPartition.put(progress.getPartition(), ended);
        // The first record of a partition may count what ended long ago.
        if (before != null && ended > before) {
            recent.addLast(new Ends(progress.getAsOf(), ended - before));
        }
        newest = progress.getAsOf().isAfter(newest) ? progress.getAsOf() : newest;
        Instant oldest = newest.minus(WINDOW);
        while (!recent.isEmpty() && recent.getFirst().asOf().isBefore(oldest)) {
            recent.removeFirst();
        }
    }

    /**
     * Slots per minute up to now.
     *
     * @param started of the run
     */
    double perMinute(Instant started, Instant now) {
        Instant from = now.minus(WINDOW);
        long slots = recent.stream()
                .filter(ends -> ends.asOf().isAfter(from))
                .mapToLong(Ends::slots)
                .sum();
        Duration time = Duration.between(started, now);
        Duration window = time.compareTo(WINDOW) < 0 ? max(time, MIN_TIME) : WINDOW;
        return slots * MILLIS_PER_MINUTE / window.toMillis();
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
