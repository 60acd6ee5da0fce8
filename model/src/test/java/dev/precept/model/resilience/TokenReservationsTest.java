package dev.precept.model.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.model.ChatMessage;
import dev.precept.model.ChatRequest;
import dev.precept.model.Sampling;
import dev.precept.model.TokenUsage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Calls reserve their tokens when they start. Time is a parameter. */
class TokenReservationsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int MAX_TOKENS = 9_000;
    private static final ChatRequest REQUEST = new ChatRequest(
            "m",
            List.of(ChatMessage.user("x".repeat(4_000))),
            null,
            new Sampling(null, null, null, MAX_TOKENS),
            null,
            1,
            Duration.ofSeconds(100));

    private final TokenReservations tokens = new TokenReservations(600_000, 0);

    @Test
    void callsOfAMinuteAreSlowedDownBeforeTheFirstEnds() {
        int started = 0;
        for (long now = 0; now < 60 * SECOND; now += SECOND / 100) {
            while (started < 256 && tokens.waitNanos(now) == 0) {
                assertThat(tokens.reserve(REQUEST, now)).isEqualTo(10_000);
                started++;
            }
        }
        assertThat(started).as("calls of 10,000 tokens at 600,000 a minute").isBetween(59, 62);
    }

    @Test
    void whatWasNotUsedIsReturned() {
        for (int i = 0; i < 6; i++) {
            tokens.settle(REQUEST, tokens.reserve(REQUEST, 0), new TokenUsage(500, 500, 0), 0);
        }
        assertThat(tokens.reserve(REQUEST, 0)).as("the mean of the answers").isEqualTo(1_000);
        assertThat(tokens.waitNanos(0)).isZero();
    }

    @Test
    void aCallThatWasNotProcessedUsesNone() {
        for (int i = 0; i < 6; i++) {
            long reserved = tokens.reserve(REQUEST, 0);
            tokens.release(reserved, 0);
        }
        assertThat(tokens.waitNanos(0)).as("all six were released").isZero();
        tokens.reserve(REQUEST, 0);
        tokens.reserve(REQUEST, 0);
        assertThat(tokens.waitNanos(0)).as("two of them fill the rate").isPositive();
    }

    @Test
    void anAbsurdUsageDoesNotCloseTheEndpoint() {
        tokens.settle(REQUEST, tokens.reserve(REQUEST, 0), new TokenUsage(Long.MAX_VALUE, Long.MAX_VALUE, 0), 0);
        assertThat(tokens.waitNanos(0)).isLessThan(3 * SECOND);
    }
}
