package dev.precept.model.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;

/** No minute exceeds its rate by more than the capacity of one second. Time is a parameter. */
class RateLimiterTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void requestsArePacedAtTheirRate() {
        RateLimiter limit = new RateLimiter(600, 0);
        long taken = count(now -> limit.waitNanos(now, 1) == 0, now -> limit.consume(1, now));
        assertThat(taken).isBetween(600L, 610L);
    }

    @Test
    void aLargeConsumptionDelaysTheNextCall() {
        RateLimiter limit = new RateLimiter(60_000, 0);
        limit.consume(31_000, 0);
        assertThat(limit.waitNanos(0, 0)).isEqualTo(30 * SECOND);
        assertThat(limit.waitNanos(30 * SECOND, 0)).isZero();
    }

    @Test
    void unusedCapacityIsNotSaved() {
        RateLimiter limit = new RateLimiter(600, 0);
        long hour = 3_600 * SECOND;
        int burst = 0;
        while (limit.waitNanos(hour, 1) == 0) {
            limit.consume(1, hour);
            burst++;
        }
        assertThat(burst).isEqualTo(10);
    }

    /** The number of calls admitted in a minute, tried every millisecond. */
    private static long count(LongPredicate open, java.util.function.LongConsumer take) {
        long taken = 0;
        for (long now = 0; now < 60 * SECOND; now += 1_000_000) {
            while (open.test(now)) {
                take.accept(now);
                taken++;
            }
        }
        return taken;
    }
}
