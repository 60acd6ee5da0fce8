package dev.precept.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Delays grow exponentially with full jitter up to a cap, and honour Retry-After. */
class BackoffTest {
    private static final Duration BASE = Duration.ofMillis(500);
    private static final Duration CAP = Duration.ofSeconds(30);

    private Backoff backoff = new Backoff(BASE, CAP, new SplittableRandom(0));

    @BeforeEach
    void seed() {
        String given = System.getProperty("precept.seed");
        long seed = given == null || given.isBlank() ? System.nanoTime() : Long.parseLong(given);
        System.out.println("precept.seed=" + seed);
        RandomGenerator random = new SplittableRandom(seed);
        backoff = new Backoff(BASE, CAP, random);
    }

    @Test
    void delaysAreUniformInARangeThatDoubles() {
        for (int failures = 1; failures <= 6; failures++) {
            long most = 500L << (failures - 1);
            LongSummaryStatistics waits = waits(failures, Optional.empty());
            assertThat(waits.getMin()).isBetween(0L, most / 10);
            assertThat(waits.getMax()).isBetween(most - most / 10, most);
        }
    }

    @Test
    void delaysNeverExceedTheCap() {
        for (int failures : new int[] {7, 8, 31, 64, 1000, Integer.MAX_VALUE}) {
            assertThat(waits(failures, Optional.empty()).getMax()).isBetween(27_000L, CAP.toMillis());
        }
    }

    @Test
    void retryAfterIsHonouredWithJitter() {
        LongSummaryStatistics waits = waits(1, Optional.of(Duration.ofSeconds(60)));
        assertThat(waits.getMin()).isBetween(60_000L, 60_050L);
        assertThat(waits.getMax()).isBetween(60_450L, 60_500L);
    }

    @Test
    void retryAfterIsCapped() {
        assertThat(waits(1, Optional.of(Duration.ofHours(7))).getMax()).isLessThanOrEqualTo(300_500L);
    }

    @Test
    void zeroFailuresAreRejected() {
        assertThatThrownBy(() -> backoff.next(0, Optional.empty())).isInstanceOf(IllegalArgumentException.class);
    }

    private LongSummaryStatistics waits(int failures, Optional<Duration> retryAfter) {
        return IntStream.range(0, 500)
                .mapToLong(_ -> backoff.next(failures, retryAfter).toMillis())
                .summaryStatistics();
    }
}
