package dev.precept.model.resilience;

/**
 * Counts failures as if each of them had kept several calls in flight for the time of an answered call. Not thread-safe.
 */
final class RecentFailures {
    private static final double CALLS_PER_FAILURE = 4;
    private static final double LEAST_NANOS = 1e9;

    private double load;
    private long at;

    void add(long callNanos, long now) {
        load = load(callNanos, now) + CALLS_PER_FAILURE;
        at = now;
    }

    /** @param callNanos mean time of an answered call, in which a failure is forgotten */
    double load(long callNanos, long now) {
        return load == 0 ? 0 : load * Math.exp(-(double) (now - at) / Math.max(LEAST_NANOS, (double) callNanos));
    }
}
