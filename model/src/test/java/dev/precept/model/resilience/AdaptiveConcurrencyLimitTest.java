package dev.precept.model.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The limit converges to the capacity of an endpoint and follows its recovery. */
class AdaptiveConcurrencyLimitTest {
    private static final long MILLIS = 1_000_000;
    private static final int EQUAL_TOKENS = 100;

    private final AdaptiveConcurrencyLimit limit = new AdaptiveConcurrencyLimit(1_000);

    @Test
    void aWaveOfRefusalsDecreasesItOnce() {
        int wave = limit.wave();
        for (int i = 0; i < 400; i++) {
            limit.onRefused(wave, 0);
        }
        assertThat(limit.current()).isEqualTo(850);
    }

    @Test
    void refusalsDoNotDecreaseItBelowTheCallsThatAreInFlight() {
        for (int i = 0; i < 100; i++) {
            limit.onRefused(limit.wave(), 600);
        }
        assertThat(limit.current()).isEqualTo(510);
    }

    @Test
    void aWaveOfTimeoutsDecreasesItOnce() {
        int wave = limit.wave();
        for (int i = 0; i < 400; i++) {
            limit.onTimedOut(wave, 0.2);
        }
        assertThat(limit.current()).isEqualTo(780);
    }

    @Test
    void fewTimeoutsAreLongAnswersAndDoNotDecreaseIt() {
        limit.onTimedOut(limit.wave(), 0.04);
        assertThat(limit.current()).isEqualTo(1_000);
    }

    @Test
    void anEndpointOfHalfTheSizeIsKeptFullAndRarelyOverloaded() {
        long answered = 0;
        long refused = 0;
        for (int wave = 0; wave < 200; wave++) {
            int took = wave(500);
            if (wave >= 20) {
                answered += Math.min(took, 500);
                refused += Math.max(0, took - 500);
            }
        }
        assertThat(answered / (180.0 * 500)).isGreaterThan(0.9);
        assertThat(refused / (double) answered).isLessThan(0.1);
    }

    @Test
    void recoveredCapacityIsUsedWithinAFewWaves() {
        for (int wave = 0; wave < 100; wave++) {
            wave(500);
        }
        int waves = 0;
        while (limit.current() < 1_000) {
            wave(1_000);
            waves++;
        }
        assertThat(waves).isLessThanOrEqualTo(7);
    }

    @Test
    void afterAnOutageItDoublesOnTimeUpToItsValueBefore() {
        for (int wave = 0; wave < 100; wave++) {
            limit.onRefused(limit.wave(), 0);
        }
        assertThat(limit.current()).isEqualTo(1);

        limit.onRecovery(0);
        assertThat(limit.waitNanos(0, 0)).isZero();
        assertThat(limit.waitNanos(1, 0)).isEqualTo(50 * MILLIS);
        assertThat(limit.waitNanos(255, 0)).isEqualTo(400 * MILLIS);
        assertThat(limit.waitNanos(255, 400 * MILLIS)).isZero();
        assertThat(limit.current()).isEqualTo(850);
    }

    @Test
    void anOutageWithoutRefusalsLeavesItAsItWas() {
        limit.onRecovery(0);
        assertThat(limit.current()).isEqualTo(1_000);
    }

    /** Makes as many calls as the limit allows, of which the endpoint accepts some. Returns the number of calls. */
    private int wave(int taken) {
        int calls = limit.current();
        int wave = limit.wave();
        for (int i = 0; i < calls; i++) {
            if (i < taken) {
                limit.onAnswer(wave, EQUAL_TOKENS, 1, 60, calls);
            } else {
                limit.onRefused(wave, 0);
            }
        }
        return calls;
    }
}
