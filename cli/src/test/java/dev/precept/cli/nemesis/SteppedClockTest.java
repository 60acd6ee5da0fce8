package dev.precept.cli.nemesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.precept.testkit.JumpingClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A clock that goes an hour ahead and comes back stops no role for an hour. */
@Tag("nemesis")
class SteppedClockTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @ParameterizedTest
    @ValueSource(strings = {"generator", "judge", "streams", "sink"})
    void theRunCompletes(String role, @TempDir Path folder) throws IOException, InterruptedException {
        assumeTrue(
                JumpingClock.create(folder.resolve("probe")).isPresent(),
                "no library here disturbs the clock of a process");
        Site.Options options = new Site.Options(false, false, List.of(), true, "2s");
        Schedule schedule = Schedule.of(Fault.CLOCK, role, 1, 30, 4_000);
        Outcome outcome = Campaign.execute(folder.resolve("site"), new Workload(120), options, schedule, 1, PATIENCE);
        assertThat(outcome.problems()).as(outcome.toString()).isEmpty();
        assertThat(outcome.ownEnds())
                .as("the role ended, to start with the right time")
                .isPositive();
    }
}
