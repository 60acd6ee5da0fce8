package dev.precept.model.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Consecutive failures open the breaker; one probe at a time detects the recovery. Time is a parameter. */
class CircuitBreakerTest {
    private static final long MILLIS = 1_000_000;

    private final CircuitBreaker circuitBreaker = new CircuitBreaker();

    @Test
    void failuresAmongSuccessesKeepItClosed() {
        for (int i = 0; i < 100; i++) {
            circuitBreaker.onFailure(false, 0, 0);
            if (i % 9 == 0) {
                circuitBreaker.onSuccess();
            }
        }
        assertThat(circuitBreaker.waitNanos(0)).isZero();
    }

    @Test
    void consecutiveFailuresOpenItAndThenOneProbePasses() {
        open(0);
        assertThat(circuitBreaker.waitNanos(0)).isEqualTo(500 * MILLIS);
        assertThat(circuitBreaker.waitNanos(500 * MILLIS)).isZero();

        circuitBreaker.onStart();
        assertThat(circuitBreaker.waitNanos(600 * MILLIS)).isEqualTo(Long.MAX_VALUE);
        assertThat(circuitBreaker.onSuccess()).isTrue();
        assertThat(circuitBreaker.waitNanos(600 * MILLIS)).isZero();
    }

    @Test
    void theWaitDoublesUpToFiveSeconds() {
        open(0);
        long now = 500 * MILLIS;
        for (long millis : new long[] {1_000, 2_000, 4_000, 5_000, 5_000}) {
            circuitBreaker.onStart();
            circuitBreaker.onFailure(true, now, 0);
            assertThat(circuitBreaker.waitNanos(now)).isEqualTo(millis * MILLIS);
            now += millis * MILLIS;
        }
    }

    @Test
    void retryAfterIsHonoured() {
        open(60_000 * MILLIS);
        assertThat(circuitBreaker.waitNanos(0)).isEqualTo(60_000 * MILLIS);
    }

    @Test
    void lateFailuresOfEarlierCallsDoNotDelayTheProbe() {
        open(0);
        circuitBreaker.onFailure(false, 400 * MILLIS, 0);
        assertThat(circuitBreaker.waitNanos(500 * MILLIS)).isZero();
    }

    @Test
    void aCancelledProbeLetsTheNextOneThrough() {
        open(0);
        circuitBreaker.onStart();
        circuitBreaker.onCancel(true);
        assertThat(circuitBreaker.waitNanos(500 * MILLIS)).isZero();
    }

    private void open(long retryAfter) {
        for (int i = 0; i < 10; i++) {
            assertThat(circuitBreaker.isOpen()).isFalse();
            circuitBreaker.onFailure(false, 0, retryAfter);
        }
        assertThat(circuitBreaker.isOpen()).isTrue();
    }
}
