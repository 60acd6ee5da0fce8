package dev.precept.model;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How long to wait before a failed call is made again: exponential with full jitter (Brooker, "Exponential Backoff And
 * Jitter", AWS Architecture Blog 2015). Holds no state but the generator, so it is as thread-safe as that.
 */
public final class Backoff {
    /** An endpoint that asks for more than this gets this. */
    public static final Duration MAX_RETRY_AFTER = Duration.ofMinutes(5);

    private static final int LARGEST_EXPONENT = 30;

    private final Duration base;
    private final Duration cap;
    private final RandomGenerator random;

    /**
     * @param base the longest wait after the first failure
     * @param cap the longest wait after any number of them
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
     * Without {@code retryAfter}: uniform between nothing and {@code min(cap, base * 2^(n-1))}. With it: no shorter than
     * the endpoint asked, plus up to {@code base} so that not all callers return at one moment.
     *
     * @param consecutiveFailures from 1
     */
    public Duration next(int consecutiveFailures, Optional<Duration> retryAfter) {
        if (consecutiveFailures < 1) {
            throw new IllegalArgumentException(
                    "there is nothing to wait for after " + consecutiveFailures + " failures");
        }
        return retryAfter
                .map(asked -> shorter(asked, MAX_RETRY_AFTER).plus(upTo(base)))
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
