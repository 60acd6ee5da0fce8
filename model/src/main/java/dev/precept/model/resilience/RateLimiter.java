package dev.precept.model.resilience;

/**
 * A rate per minute as a bucket that fills steadily and holds at most a second's worth. What is taken is known only
 * afterwards for tokens, so the bucket may go below zero; nothing begins until it is filled above it again. Not
 * thread-safe.
 */
final class RateLimiter {
    private static final double NANOS_PER_MINUTE = 60e9;
    private static final double SECONDS_PER_MINUTE = 60;

    private final double perNano;
    private final double size;
    private double left;
    private long filledAt;

    RateLimiter(long perMinute, long now) {
        this.perNano = perMinute / NANOS_PER_MINUTE;
        this.size = Math.max(1, perMinute / SECONDS_PER_MINUTE);
        this.left = size;
        this.filledAt = now;
    }

    /** How long until something may be taken; 0 for now. */
    long waitNanos(long now, int least) {
        refill(now);
        return left >= least ? 0 : Math.max(1, (long) Math.ceil((least - left) / perNano));
    }

    void consume(long amount, long now) {
        refill(now);
        left -= amount;
    }

    private void refill(long now) {
        left = Math.min(size, left + (now - filledAt) * perNano);
        filledAt = now;
    }
}
