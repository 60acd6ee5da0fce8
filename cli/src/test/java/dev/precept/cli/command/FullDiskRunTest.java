package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.testkit.Jvm;
import dev.precept.testkit.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded broker gives up on a full disk, and ends the process: with one line that says so. */
class FullDiskRunTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    @Tag("slow")
    @Tag("ci")
    void aRunOnAFullDiskSaysWhyItEnds() throws IOException {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), "3m")) {
            String output = output(disk.root(), 1, "run");
            assertThat(output.lines().toList().getLast())
                    .startsWith("failed: the embedded broker cannot go on in " + disk.root())
                    .contains("its disk is full: ", "run the same command again", "; log: ")
                    .doesNotContain("Exception");
        }
    }

    /** The unknown key ends the command early. */
    @Test
    void theRecipeOfTheFolderIsNotPassedOverInSilence() throws IOException {
        assertThat(output(folder, 2, "show-prompts", "--set", "nothing.known=1"))
                .doesNotContain("no recipe is named");
        Files.writeString(folder.resolve("recipe.yaml"), "spec: spec\n");
        assertThat(output(folder, 2, "show-prompts", "--set", "nothing.known=1"))
                .contains("note: no recipe is named, so the starter recipe is taken; give recipe.yaml as argument");
    }

    /** Standard output and error of a command that is called in a folder. */
    private String output(Path current, int code, String... arguments) throws IOException {
        Jvm.Launch launch = new Jvm.Launch(Precept.class, arguments)
                .withHeap("512m")
                .withEnvironment(Map.of(
                        "JAVA_TOOL_OPTIONS",
                        "-XX:TieredStopAtLevel=1 -Dprecept.home=" + System.getProperty("precept.root")))
                .in(current);
        Path output = folder.resolve("output");
        try (Jvm process = Jvm.start(launch, output)) {
            assertThat(process.awaitExit(Duration.ofMinutes(1)))
                    .as(Files.readString(output))
                    .isEqualTo(code);
        }
        return Files.readString(output);
    }
}
