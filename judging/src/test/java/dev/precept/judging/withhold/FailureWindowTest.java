package dev.precept.judging.withhold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.Reason;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FailureWindowTest {
    private final FailureWindow window = new FailureWindow();

    private void add(@Nullable Reason reason, int times) {
        for (int i = 0; i < times; i++) {
            window.add(reason);
        }
    }

    private boolean isConclusive() {
        return window.common().filter(window::isConclusive).isPresent();
    }

    @Test
    void theFirstTwentyThatFailAlikeAreConclusive() {
        add(Reason.NO_REASONING, 1);
        assertThat(window.common()).contains(Reason.NO_REASONING);
        add(Reason.NO_REASONING, 18);
        assertThat(isConclusive()).isFalse();
        add(Reason.NO_REASONING, 1);
        assertThat(isConclusive()).isTrue();
    }

    @Test
    void oneSuccessAmongTheFirstEndsTheSuspicion() {
        add(Reason.NO_REASONING, 9);
        add(null, 1);
        assertThat(window.common()).isEmpty();
    }

    @Test
    void twoReasonsHaveNoCommonCause() {
        for (int i = 0; i < 100; i++) {
            window.add(i % 2 == 0 ? Reason.MALFORMED : Reason.NO_REASONING);
        }
        assertThat(window.common()).isEmpty();
    }

    @Test
    void afterAHealthyTimeTenInARowAreSuspiciousAndTwentyConclusive() {
        add(null, 1_000);
        add(Reason.REQUEST_REFUSED, 9);
        assertThat(window.common()).isEmpty();
        add(Reason.REQUEST_REFUSED, 1);
        assertThat(window.common()).contains(Reason.REQUEST_REFUSED);
        add(Reason.REQUEST_REFUSED, 9);
        assertThat(isConclusive()).isFalse();
        add(Reason.REQUEST_REFUSED, 1);
        assertThat(isConclusive()).isTrue();
    }

    @Test
    void whereEightOfTenFailAnyhowAStreakIsNotConclusive() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            window.add(random.nextInt(10) < 8 ? Reason.MALFORMED : null);
            assertThat(i > 200 && isConclusive()).as("after %d", i).isFalse();
        }
    }

    @Test
    void ninetyFivePercentOfTwoHundredAreConclusive() {
        for (int i = 0; i < 200; i++) {
            window.add(i % 20 == 19 ? null : Reason.MALFORMED);
        }
        assertThat(window.count(Reason.MALFORMED)).isEqualTo(190);
        assertThat(isConclusive()).isTrue();
    }
}
