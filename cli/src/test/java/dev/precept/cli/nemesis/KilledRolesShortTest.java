package dev.precept.cli.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.testkit.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@link KilledRolesTest}: one seed, a few kills. */
@Tag("slow")
@Tag("ci")
class KilledRolesShortTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void everyPromptEndsOnceWithItsCompletion() throws IOException, InterruptedException {
        long seed = Seed.choose(KilledRolesShortTest.class);
        Outcome outcome = Campaign.execute(
                folder,
                new Workload(24),
                Site.Options.plain(),
                Schedule.random(seed, 2, 0),
                seed,
                Duration.ofMinutes(2));
        assertThat(outcome.problems()).as(outcome.toString()).isEmpty();
    }
}
