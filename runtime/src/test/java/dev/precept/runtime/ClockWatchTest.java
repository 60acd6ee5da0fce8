package dev.precept.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ClockWatchTest {
    private Instant wall = Instant.parse("2026-01-01T00:00:00Z");
    private long nanos = -5_000_000_000L;
    private final ClockWatch watch = new ClockWatch(() -> wall, () -> nanos);

    private void pass(Duration elapsed, Duration step) {
        nanos += elapsed.toNanos();
        wall = wall.plus(elapsed).plus(step);
    }

    @Test
    void timeThatPassesIsNoStep() {
        for (int hour = 0; hour < 1_000; hour++) {
            assertThat(watch.failure()).isEmpty();
            pass(Duration.ofHours(1), Duration.ZERO);
        }
    }

    @Test
    void aStepForwardOrASmallOneBackIsTolerated() {
        watch.failure();
        pass(Duration.ofSeconds(1), Duration.ofHours(8)); // a machine that slept
        assertThat(watch.failure()).isEmpty();
        pass(Duration.ofSeconds(1), ClockWatch.TOLERANCE.negated());
        assertThat(watch.failure()).isEmpty();
    }

    @Test
    void aStepBackIsAFailureWithItsSize() {
        watch.failure();
        pass(Duration.ofSeconds(1), Duration.ofHours(1));
        watch.failure();
        pass(Duration.ofSeconds(4), Duration.ofHours(-1));
        assertThat(watch.failure()).hasValueSatisfying(e -> assertThat(e).hasMessageContaining("by 3600 s"));
        pass(Duration.ofHours(2), Duration.ZERO);
        assertThat(watch.failure())
                .as("it does not heal: what was scheduled is late")
                .isPresent();
    }
}
