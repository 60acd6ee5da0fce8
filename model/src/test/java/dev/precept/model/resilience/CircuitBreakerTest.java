package dev.precept.model.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Consecutive failures open the breaker; health checks and the first calls detect the recovery. Time is a parameter. */
class CircuitBreakerTest {
    private static final long MILLIS = 1_000_000;

    private final CircuitBreaker circuitBreaker = new CircuitBreaker();

    @Test
    void failuresAmongAnswersKeepItClosed() {
        for (int i = 0; i < 100; i++) {
            circuitBreaker.onFailure(true, 0, Duration.ZERO);
            if (i % 9 == 0) {
                circuitBreaker.onAccepted();
            }
        }
        assertThat(circuitBreaker.admits()).isTrue();
    }

    @Test
    void consecutiveFailuresOpenItAndAHealthyEndpointGetsCallsAgain() {
        open(Duration.ZERO);
        assertThat(circuitBreaker.admits()).isFalse();
        assertThat(circuitBreaker.untilCheck(0)).isEqualTo(250 * MILLIS);
        assertThat(circuitBreaker.untilCheck(250 * MILLIS)).isZero();

        circuitBreaker.onCheckStarted();
        assertThat(circuitBreaker.untilCheck(300 * MILLIS)).isEqualTo(Long.MAX_VALUE);
        assertThat(circuitBreaker.onCheckSucceeded()).isTrue();
        assertThat(circuitBreaker.admits()).isTrue();
        assertThat(circuitBreaker.isOpen()).as("until a call is accepted").isTrue();
        circuitBreaker.onAccepted();
        assertThat(circuitBreaker.isOpen()).isFalse();
    }

    @Test
    void whileTheCheckFailsItRunsTwiceASecond() {
        open(Duration.ZERO);
        long now = 250 * MILLIS;
        for (int i = 0; i < 5; i++) {
            circuitBreaker.onCheckStarted();
            circuitBreaker.onCheckFailed(now, Duration.ZERO);
            assertThat(circuitBreaker.untilCheck(now)).isEqualTo(500 * MILLIS);
            now += 500 * MILLIS;
        }
    }

    @Test
    void theWaitDoublesUpToFiveSecondsWhileTheCheckSucceedsAndCallsFail() {
        open(Duration.ZERO);
        long now = 250 * MILLIS;
        for (long millis : new long[] {500, 1_000, 2_000, 4_000, 5_000, 5_000}) {
            recover();
            circuitBreaker.onStart();
            circuitBreaker.onStart();
            circuitBreaker.onFailure(true, now, Duration.ZERO);
            assertThat(circuitBreaker.admits()).as("one failure is not enough").isTrue();
            circuitBreaker.onFailure(true, now, Duration.ZERO);
            assertThat(circuitBreaker.untilCheck(now)).isEqualTo(millis * MILLIS);
            now += millis * MILLIS;
        }
    }

    @Test
    void fewFailuresOfManyCallsDoNotEndTheRecovery() {
        open(Duration.ZERO);
        recover();
        for (int i = 0; i < 20; i++) {
            circuitBreaker.onStart();
        }
        for (int i = 0; i < 10; i++) {
            circuitBreaker.onFailure(true, 0, Duration.ZERO);
            circuitBreaker.onFailure(false, 0, Duration.ZERO);
        }
        assertThat(circuitBreaker.admits()).isTrue();
    }

    @Test
    void retryAfterIsHonouredUpToFiveMinutes() {
        open(Duration.ofSeconds(60));
        assertThat(circuitBreaker.untilCheck(0)).isEqualTo(60_000 * MILLIS);
        circuitBreaker.onCheckStarted();
        circuitBreaker.onCheckFailed(0, Duration.ofSeconds(Long.MAX_VALUE));
        assertThat(circuitBreaker.untilCheck(0)).isEqualTo(300_000 * MILLIS);
    }

    @Test
    void lateFailuresOfEarlierCallsDoNotDelayTheCheck() {
        open(Duration.ZERO);
        circuitBreaker.onFailure(false, 200 * MILLIS, Duration.ofSeconds(60));
        assertThat(circuitBreaker.untilCheck(250 * MILLIS)).isZero();
    }

    @Test
    void anAnswerClosesItWithoutACheck() {
        open(Duration.ZERO);
        circuitBreaker.onCheckStarted();
        assertThat(circuitBreaker.onAccepted()).isTrue();
        assertThat(circuitBreaker.onCheckSucceeded()).isFalse();
        assertThat(circuitBreaker.isOpen()).isFalse();
    }

    private void recover() {
        circuitBreaker.onCheckStarted();
        assertThat(circuitBreaker.onCheckSucceeded()).isTrue();
    }

    private void open(Duration retryAfter) {
        for (int i = 0; i < 10; i++) {
            assertThat(circuitBreaker.isOpen()).isFalse();
            circuitBreaker.onFailure(true, 0, retryAfter);
        }
        assertThat(circuitBreaker.isOpen()).isTrue();
    }
}
