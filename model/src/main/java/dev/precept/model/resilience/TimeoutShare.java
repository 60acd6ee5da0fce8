package dev.precept.model.resilience;

/** Exponential moving average of the share of calls that timed out. Not thread-safe. */
final class TimeoutShare {
    private static final int FEWEST_CALLS = 64;

    private double share;

    /** @param concurrency a wave of calls started together ends together, so the average covers at least as many */
    void add(boolean timedOut, int concurrency) {
        share += ((timedOut ? 1 : 0) - share) / Math.max(FEWEST_CALLS, concurrency);
    }

    double share() {
        return share;
    }
}
