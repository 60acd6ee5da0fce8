package dev.precept.model.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The limit converges to the capacity of an endpoint and follows its recovery. */
class AdaptiveConcurrencyLimitTest {
    private final AdaptiveConcurrencyLimit limit = new AdaptiveConcurrencyLimit(1_000);

    @Test
    void aWaveOfRejectionsDecreasesItOnce() {
        int wave = limit.wave();
        for (int i = 0; i < 400; i++) {
            limit.onRejected(wave);
        }
        assertThat(limit.current()).isEqualTo(850);
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
    void rejectionOfAllCallsLeadsToOneAndRecoversInAFewWaves() {
        for (int wave = 0; wave < 100; wave++) {
            limit.onRejected(limit.wave());
        }
        assertThat(limit.current()).isEqualTo(1);

        limit.onRecovery();
        int waves = 0;
        while (limit.current() < 850) {
            wave(1_000);
            waves++;
        }
        assertThat(waves).isLessThanOrEqualTo(4);
    }

    @Test
    void aRecoveredEndpointIsNotOverloaded() {
        limit.onRecovery();
        assertThat(limit.current()).isLessThanOrEqualTo(125);
    }

    /** Makes as many calls as the limit allows, of which the endpoint accepts some. Returns the number of calls. */
    private int wave(int taken) {
        int calls = limit.current();
        int wave = limit.wave();
        for (int i = 0; i < calls; i++) {
            if (i < taken) {
                limit.onSuccess();
            } else {
                limit.onRejected(wave);
            }
        }
        return calls;
    }
}
