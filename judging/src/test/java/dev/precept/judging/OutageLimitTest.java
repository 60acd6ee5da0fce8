package dev.precept.judging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutageLimitTest {
    private static final Optional<String> DOWN = Optional.of("http://a/v1 answered 503");

    private final OutageLimit limit = new OutageLimit(Duration.ofMinutes(10));
    private long now = -5;

    private boolean reachedAfter(int minutes, Optional<String> outage, boolean mayCall) {
        now += Duration.ofMinutes(minutes).toNanos();
        return limit.check(outage, mayCall, now).isPresent();
    }

    @Test
    void anOutageOfTheGivenLengthEndsTheRole() {
        assertThat(reachedAfter(0, DOWN, true)).isFalse();
        assertThat(reachedAfter(9, DOWN, true)).isFalse();
        assertThat(reachedAfter(1, DOWN, true)).isTrue();

        assertThat(limit.check(Optional.empty(), true, now))
                .as("the role ends for good")
                .contains("no model answered for 600 s (max_outage): http://a/v1 answered 503");
    }

    @Test
    void anAnswerBeginsANewOutage() {
        reachedAfter(0, DOWN, true);
        reachedAfter(9, Optional.empty(), true);
        assertThat(reachedAfter(1, DOWN, true)).isFalse();
        assertThat(reachedAfter(9, DOWN, true)).isFalse();
    }

    @Test
    void aPauseIsNoOutage() {
        reachedAfter(0, DOWN, true);
        assertThat(reachedAfter(60, DOWN, false)).isFalse();
        assertThat(reachedAfter(60, DOWN, true)).isFalse();
    }

    @Test
    void withoutALimitTheRoleWaits() {
        OutageLimit none = new OutageLimit(null);
        none.check(DOWN, true, 0);
        assertThat(none.check(DOWN, true, Duration.ofDays(365).toNanos())).isEmpty();
    }
}
