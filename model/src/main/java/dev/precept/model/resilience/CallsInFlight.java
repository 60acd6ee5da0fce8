package dev.precept.model.resilience;

import dev.precept.model.resilience.EndpointLimiter.Permit;
import java.util.TreeMap;

/** The calls in flight at an endpoint, in the order of their start. Not thread-safe. */
final class CallsInFlight {
    private final TreeMap<Long, Permit> byNumber = new TreeMap<>();

    void add(Permit permit) {
        byNumber.put(permit.number(), permit);
    }

    void remove(Permit permit) {
        byNumber.remove(permit.number());
    }

    int size() {
        return byNumber.size();
    }

    /** The number of calls in flight for longer than a time. */
    int olderThan(long nanos, long now) {
        int older = 0;
        for (Permit permit : byNumber.values()) {
            if (now - permit.startedAt() <= nanos) {
                break;
            }
            older++;
        }
        return older;
    }

    /** Whether a call with a number above the given one has been in flight for at least a time. */
    boolean hasAfter(long number, long nanos, long now) {
        var oldest = byNumber.higherEntry(number);
        return oldest != null && now - oldest.getValue().startedAt() >= nanos;
    }
}
