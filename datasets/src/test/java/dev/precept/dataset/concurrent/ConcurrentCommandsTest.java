package dev.precept.dataset.concurrent;

import dev.precept.testkit.Seed;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The promises of a dataset hold whatever processes do to it at the same time, and wherever they are killed. */
@Tag("slow")
final class ConcurrentCommandsTest {
    private static final int SEEDS = 5;

    @TempDir
    private Path folder;

    @Test
    void theyHoldForSomeSeeds() {
        new ScenarioRunner(
                        Seed.choose(ConcurrentCommandsTest.class), SEEDS, new ScenarioRunner.Shares(5, 10, 20), folder)
                .execute();
    }
}
