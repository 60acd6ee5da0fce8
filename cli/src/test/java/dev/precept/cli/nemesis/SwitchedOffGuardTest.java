package dev.precept.cli.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The suite is able to fail: without any one of four guards, the same faults leave a dataset that it calls wrong. */
@Tag("nemesis")
class SwitchedOffGuardTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @ParameterizedTest
    @EnumSource
    void withoutTheGuardTheDatasetIsWrong(Guard guard, @TempDir Path folder) throws IOException, InterruptedException {
        Path classes = guard.switchOff(Files.createDirectories(folder.resolve("off")));
        Outcome outcome = Campaign.execute(
                folder.resolve("site"),
                new Workload(200),
                new Site.Options(false, false, List.of(classes), false),
                faults(guard),
                guard.ordinal(),
                PATIENCE);
        System.out.println(guard + " off: " + outcome);
        assertThat(outcome.problems()).as("without " + guard).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void withTheGuardTheSameFaultsDoNoHarm(Guard guard, @TempDir Path folder) throws IOException, InterruptedException {
        Outcome outcome = Campaign.execute(
                folder,
                new Workload(200),
                new Site.Options(false, false, List.of(), false),
                faults(guard),
                guard.ordinal(),
                PATIENCE);
        assertThat(outcome.problems()).as(outcome.toString()).isEmpty();
    }

    private static Schedule faults(Guard guard) {
        return switch (guard) {
            case LEGAL_TRANSITION -> Schedule.of(Fault.REPLAY, "streams", 4, 0);
            case EXACTLY_ONCE -> Schedule.of(Fault.KILL, "streams", 10, 0);
            case CREATE_IF_ABSENT ->
                Schedule.of(Fault.SCALE, "sink", 1, 0).then(Schedule.of(Fault.SUSPEND, "sink", 6, 7_500));
            case CANDIDATE_HASH -> Schedule.of(Fault.FORGE, "judge", 3, 0);
        };
    }
}
