package dev.precept.model.resilience;

/**
 * Token bucket for a rate per minute, with a capacity of one second. The tokens of a call are known only afterwards, so
 * the level may become negative; no call starts until it has recovered. Not thread-safe.
 */
final class RateLimiter {
    private static final double NANOS_PER_MINUTE = 60e9;
    private static final double SECONDS_PER_MINUTE = 60;

    private final double perNano;
    private final double capacity;
    private double level;
    private long filledAt;

    RateLimiter(long perMinute, long now) {
        this.perNano = perMinute / NANOS_PER_MINUTE;
        this.capacity = Math.max(1, perMinute / SECONDS_PER_MINUTE);
        this.level = capacity;
        this.filledAt = now;
    }

    /** Time until the level reaches {@code required}; 0 for now. */
    long waitNanos(long now, int required) {
        refill(now);
        return level >= required ? 0 : Math.max(1, (long) Math.ceil((required - level) / perNano));
    }

    void consume(long amount, long now) {
        refill(now);
        level -= amount;
    }

    private void refill(long now) {
        level = Math.min(capacity, level + (now - filledAt) * perNano);
        filledAt = now;
    }
}
