package dev.precept.model.pressure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;

/** No minute holds more than its rate and a second's worth. Times are given, not waited for. */
class ARateIsKeptTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void requestsComeAtTheirRate() {
        RateLimit limit = new RateLimit(600, 0);
        long taken = count(now -> limit.barredNanos(now, 1) == 0, now -> limit.take(1, now));
        assertThat(taken).isBetween(600L, 610L);
    }

    @Test
    void aLargeBillIsPaidOffBeforeTheNextCall() {
        RateLimit limit = new RateLimit(60_000, 0);
        limit.take(31_000, 0);
        assertThat(limit.barredNanos(0, 0)).isEqualTo(30 * SECOND);
        assertThat(limit.barredNanos(30 * SECOND, 0)).isZero();
    }

    @Test
    void whatWasNotUsedIsNotSavedUp() {
        RateLimit limit = new RateLimit(600, 0);
        long hour = 3_600 * SECOND;
        int burst = 0;
        while (limit.barredNanos(hour, 1) == 0) {
            limit.take(1, hour);
            burst++;
        }
        assertThat(burst).isEqualTo(10);
    }

    /** What a minute lets through, looked at every millisecond. */
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
