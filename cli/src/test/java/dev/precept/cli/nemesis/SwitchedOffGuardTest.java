package dev.precept.cli.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The suite is able to fail: without any one of four guards, the same faults leave a dataset that it calls wrong. */
@Tag("nemesis")
class SwitchedOffGuardTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Faults that the guard is there for. */
    private record Case(int lines, Site.Options options, Schedule schedule) {
        static Case of(Guard guard) {
            return switch (guard) {
                case LEGAL_TRANSITION ->
                    new Case(120, Site.Options.plain(), Schedule.of(Fault.REPLAY, "streams", 4, 30, 0));
                case EXACTLY_ONCE ->
                    new Case(
                            900,
                            Site.Options.plain(),
                            Schedule.of(Fault.KILL, "streams", 12, 60, 0).whileBusy());
                case CREATE_IF_ABSENT ->
                    new Case(
                            900,
                            Site.Options.plain().withRollAge("10s"),
                            Schedule.of(Fault.SCALE, "sink", 1, 10, 0)
                                    .then(Schedule.of(Fault.FREEZE, "sink", 3, 150, 15_000)));
                case CANDIDATE_HASH -> new Case(120, Site.Options.plain(), Schedule.of(Fault.FORGE, "judge", 4, 20, 0));
            };
        }

        Outcome execute(Guard guard, Site.Options chosen, Path folder) throws IOException, InterruptedException {
            return Campaign.execute(
                    folder, new Workload(lines), chosen, schedule, guard.name().length(), PATIENCE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutTheGuardTheDatasetIsWrong(Guard guard, @TempDir Path folder) throws IOException, InterruptedException {
        Path classes = guard.switchOff(Files.createDirectories(folder.resolve("off")));
        Case faults = Case.of(guard);
        Outcome outcome = faults.execute(guard, faults.options().replacing(classes), folder.resolve("site"));
        System.out.println(guard + " off: " + outcome);
        assertThat(outcome.problems()).as("without " + guard).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void withTheGuardTheSameFaultsDoNoHarm(Guard guard, @TempDir Path folder) throws IOException, InterruptedException {
        Case faults = Case.of(guard);
        Outcome outcome = faults.execute(guard, faults.options(), folder);
        assertThat(outcome.problems()).as(outcome.toString()).isEmpty();
    }
}
