package dev.precept.judging.withhold;

import dev.precept.records.Reason;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The reasons of the last attempts. Tells whether nearly all of them failed for one reason, and whether they are enough to
 * conclude that they have one cause. Not thread-safe.
 */
final class FailureWindow {
    static final int WINDOW = 200;
    /** So many attempts that all fail alike are conclusive, unless as many in a row are usual for the run. */
    static final int CONCLUSIVE_STREAK = 20;
    /** So many in a row are suspicious, however many attempts succeeded before. */
    static final int SUSPICIOUS_STREAK = 10;

    private static final double NEARLY_ALL = 0.95;
    private static final double CHANCE = 1e-9;

    private final Deque<Optional<Reason>> last = new ArrayDeque<>();
    private final Map<Reason, Integer> counts = new EnumMap<>(Reason.class);
    private @Nullable Reason latest;
    private int streak;

    /** @param reason null if the attempt did not fail for its request */
    void add(@Nullable Reason reason) {
        streak = reason != null && reason == latest ? streak + 1 : 1;
        latest = reason;
        last.addLast(Optional.ofNullable(reason));
        if (reason != null) {
            counts.merge(reason, 1, Integer::sum);
        }
        if (last.size() > WINDOW) {
            last.removeFirst().ifPresent(gone -> counts.merge(gone, -1, Integer::sum));
        }
    }

    void clear() {
        last.clear();
        counts.clear();
        latest = null;
        streak = 0;
    }

    /** Attempts in the window. */
    int size() {
        return last.size();
    }

    /** Attempts in the window that failed for a reason. */
    int count(Reason reason) {
        return counts.getOrDefault(reason, 0);
    }

    /** The reason for which nearly all attempts failed, or the last ones without exception. */
    Optional<Reason> common() {
        if (latest != null && streak >= SUSPICIOUS_STREAK) {
            return Optional.of(latest);
        }
        return counts.keySet().stream().filter(this::isOfNearlyAll).findFirst();
    }

    /** Whether there are enough attempts to conclude that they failed for one cause. */
    boolean isConclusive(Reason common) {
        return (last.size() == WINDOW && isOfNearlyAll(common)) || (common == latest && isUnusualStreak(common));
    }

    private boolean isOfNearlyAll(Reason reason) {
        return count(reason) >= NEARLY_ALL * last.size();
    }

    /** A run in which 80 of 100 attempts fail for a reason has 20 in a row every now and then. */
    private boolean isUnusualStreak(Reason reason) {
        int before = last.size() - streak;
        if (streak < CONCLUSIVE_STREAK || before < 0) {
            return false; // a streak longer than the window is nearly all of it
        }
        double usual = (count(reason) - streak + 1.0) / (before + 2.0);
        return before == 0 || streak * Math.log(usual) <= Math.log(CHANCE);
    }
}
