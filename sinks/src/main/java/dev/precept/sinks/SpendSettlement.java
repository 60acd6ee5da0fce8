package dev.precept.sinks;

import dev.precept.dataset.evidence.RunEvidence;
import dev.precept.records.Spend;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Decides when the spend of a complete run is final. A worker reports twice a second while its numbers change and every three
 * seconds while it is at work, so that one that is at work and silent is dead. Not thread-safe.
 */
final class SpendSettlement {
    /** For reports of calls that ended just before the run was complete. */
    static final Duration QUIET = Duration.ofSeconds(2);
    /** Silence after which an instance that was at work is dead. */
    static final Duration DEAD = Duration.ofSeconds(10);
    /** The longest wait. */
    static final Duration LIMIT = Duration.ofSeconds(60);

    private final long since;
    private final Map<String, Seen> seen = new HashMap<>();

    private record Seen(Spend report, long at) {}

    /** @param now of a monotonic clock, in nanoseconds; the run is complete */
    SpendSettlement(long now) {
        this.since = now;
    }

    /**
     * Whether no further spend is expected.
     *
     * @param reports the newest of each worker instance of the run
     * @param now as in the constructor
     */
    boolean isSettled(Collection<Spend> reports, long now) {
        for (Spend report : reports) {
            Seen before = seen.get(key(report));
            if (before == null || !before.report().equals(report)) {
                seen.put(key(report), new Seen(report, now));
            }
        }
        Duration waited = Duration.ofNanos(now - since);
        if (waited.compareTo(LIMIT) >= 0) {
            return true;
        }
        if (reports.isEmpty()) {
            return waited.compareTo(QUIET) >= 0;
        }
        return reports.stream().allMatch(report -> !mayReport(report, waited) || isDead(report, reports, now));
    }

    private static String key(Spend report) {
        return report.getRole() + "|" + report.getWorker();
    }

    private static boolean mayReport(Spend report, Duration waited) {
        boolean ended = report.getLease() == null || report.getLease().getEnded();
        return !ended && (RunEvidence.isAtWork(report) || waited.compareTo(QUIET) < 0);
    }

    /** An instance is dead after a silence, or if its successor of the same member has reported so long after it. */
    private boolean isDead(Spend report, Collection<Spend> reports, long now) {
        Seen last = seen.get(key(report));
        return (last != null && now - last.at() >= DEAD.toNanos())
                || reports.stream()
                        .anyMatch(other -> member(other).equals(member(report))
                                && other.getAsOf().minus(DEAD).isAfter(report.getAsOf()));
    }

    /** A worker's id is its name as a member of the group, and the process. */
    private static String member(Spend report) {
        String worker = report.getWorker();
        int process = worker.indexOf('|');
        return report.getRole() + "|" + (process < 0 ? worker : worker.substring(0, process));
    }
}
