package dev.precept.model;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Delays before retries: exponential with full jitter (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog
 * 2015). As thread-safe as its random generator.
 */
public final class Backoff {
    /** Limit on the delay that an endpoint may request. */
    public static final Duration MAX_RETRY_AFTER = Duration.ofMinutes(5);

    private static final int LARGEST_EXPONENT = 30;

    private final Duration base;
    private final Duration cap;
    private final RandomGenerator random;

    /**
     * @param base the longest delay after the first failure
     * @param cap the longest delay after any number of failures
     */
    public Backoff(Duration base, Duration cap, RandomGenerator random) {
        if (!base.isPositive() || cap.compareTo(base) < 0) {
            throw new IllegalArgumentException("a backoff needs 0 < base <= cap, not " + base + " and " + cap);
        }
        this.base = base;
        this.cap = cap;
        this.random = random;
    }

    /**
     * Without {@code retryAfter}: uniform between zero and {@code min(cap, base * 2^(n-1))}. With it: that delay, plus
     * up to {@code base} so that callers do not retry all at once.
     *
     * @param consecutiveFailures from 1
     */
    public Duration next(int consecutiveFailures, Optional<Duration> retryAfter) {
        if (consecutiveFailures < 1) {
            throw new IllegalArgumentException("a backoff needs at least 1 failure, not " + consecutiveFailures);
        }
        return retryAfter
                .map(requested -> shorter(requested, MAX_RETRY_AFTER).plus(upTo(base)))
                .orElseGet(() -> upTo(ceiling(consecutiveFailures)));
    }

    private Duration ceiling(int failures) {
        double millis = base.toMillis() * (double) (1L << Math.min(failures - 1, LARGEST_EXPONENT));
        return millis >= cap.toMillis() ? cap : Duration.ofMillis((long) millis);
    }

    private Duration upTo(Duration most) {
        return Duration.ofMillis(random.nextLong(most.toMillis() + 1));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
