package dev.precept.cli.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever is killed, suspended or cut off, every prompt ends once, with the completion of its number. The seeds, the kills
 * and the folder of the report are system properties, see {@link Campaign}.
 */
@Tag("nemesis")
class KilledRolesTest {
    static LongStream seeds() {
        return Campaign.seeds();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyPromptEndsOnceWithItsCompletion(long seed, @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder)
            throws IOException, InterruptedException {
        Outcome outcome = Campaign.configured().execute(seed, folder);
        assertThat(outcome.problems()).as(outcome.toString()).isEmpty();
    }
}
