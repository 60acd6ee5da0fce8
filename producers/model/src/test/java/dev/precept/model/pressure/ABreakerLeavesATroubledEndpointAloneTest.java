package dev.precept.model.pressure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A row of failures bars an endpoint; one probe at a time finds out when it is back. Times are given, not waited for. */
class ABreakerLeavesATroubledEndpointAloneTest {
    private static final long MILLIS = 1_000_000;

    private final Breaker breaker = new Breaker();

    @Test
    void failuresAmongAnswersBarNothing() {
        for (int i = 0; i < 100; i++) {
            breaker.failed(false, 0, 0);
            if (i % 9 == 0) {
                breaker.answered();
            }
        }
        assertThat(breaker.barredNanos(0)).isZero();
    }

    @Test
    void aRowOfFailuresBarsAllAndThenAllButOneProbe() {
        open(0);
        assertThat(breaker.barredNanos(0)).isEqualTo(500 * MILLIS);
        assertThat(breaker.barredNanos(500 * MILLIS)).isZero();

        breaker.begun();
        assertThat(breaker.barredNanos(600 * MILLIS)).isEqualTo(Long.MAX_VALUE);
        assertThat(breaker.answered()).isTrue();
        assertThat(breaker.barredNanos(600 * MILLIS)).isZero();
    }

    @Test
    void theWaitDoublesUpToFiveSeconds() {
        open(0);
        long now = 500 * MILLIS;
        for (long millis : new long[] {1_000, 2_000, 4_000, 5_000, 5_000}) {
            breaker.begun();
            breaker.failed(true, now, 0);
            assertThat(breaker.barredNanos(now)).isEqualTo(millis * MILLIS);
            now += millis * MILLIS;
        }
    }

    @Test
    void whatTheEndpointAskedForIsGiven() {
        open(60_000 * MILLIS);
        assertThat(breaker.barredNanos(0)).isEqualTo(60_000 * MILLIS);
    }

    @Test
    void lateFailuresOfCallsThatBeganBeforePutNothingOff() {
        open(0);
        breaker.failed(false, 400 * MILLIS, 0);
        assertThat(breaker.barredNanos(500 * MILLIS)).isZero();
    }

    @Test
    void aProbeThatIsDroppedMakesRoomForTheNext() {
        open(0);
        breaker.begun();
        breaker.dropped(true);
        assertThat(breaker.barredNanos(500 * MILLIS)).isZero();
    }

    private void open(long asked) {
        for (int i = 0; i < 10; i++) {
            assertThat(breaker.isOpen()).isFalse();
            breaker.failed(false, 0, asked);
        }
        assertThat(breaker.isOpen()).isTrue();
    }
}
