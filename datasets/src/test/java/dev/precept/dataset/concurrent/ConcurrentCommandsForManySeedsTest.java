package dev.precept.dataset.concurrent;

import dev.precept.testkit.Seed;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As {@link ConcurrentCommandsTest}; more of the kills end a process, and more of the datasets are in a bucket. */
@Tag("nemesis")
final class ConcurrentCommandsForManySeedsTest {
    private static final int SEEDS = 500;

    @TempDir
    private Path folder;

    @Test
    void theyHoldForManySeeds() {
        new ScenarioRunner(
                        Seed.choose(ConcurrentCommandsForManySeedsTest.class),
                        SEEDS,
                        new ScenarioRunner.Shares(7, 2, 8),
                        folder)
                .execute();
    }
}
