package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.testkit.Jvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A temporary folder from which no native library can be loaded is found before anything starts. Here it is missing; to
 * mount one {@code noexec} needs an administrator.
 */
class TemporaryFolderTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void aRunEndsBeforeItStarts() throws IOException {
        assertThat(output("run"))
                .startsWith("java.io.tmpdir " + folder.resolve("missing") + ": no native library can be loaded")
                .contains("PRECEPT_JAVA_OPTS=")
                .doesNotContain("Exception", "completed work is safe");
        assertThat(folder.resolve("dataset")).doesNotExist();
    }

    /** The unknown key keeps the other checks away. */
    @Test
    void doctorFindsIt() throws IOException {
        assertThat(output("doctor", "--set", "nothing.known=1"))
                .contains("  wrong  temp folder    java.io.tmpdir " + folder.resolve("missing")
                        + ": no native library can be loaded");
    }

    /** Standard output and error of a command that must end with exit code 2. */
    private String output(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--work", folder.resolve("work").toString()));
        String options = "-Djava.io.tmpdir=" + folder.resolve("missing") + " -XX:TieredStopAtLevel=1 -Dprecept.home="
                + System.getProperty("precept.root");
        Jvm.Launch launch = new Jvm.Launch(Precept.class, all.toArray(String[]::new))
                .withEnvironment(Map.of("JAVA_TOOL_OPTIONS", options))
                .in(folder);
        Path output = folder.resolve("output");
        try (Jvm process = Jvm.start(launch, output)) {
            assertThat(process.awaitExit(Duration.ofMinutes(1)))
                    .as(Files.readString(output))
                    .isEqualTo(2);
        }
        return Files.readString(output)
                .lines()
                .filter(line -> !line.startsWith("Picked up ") && !line.startsWith("WARNING: java.io.tmpdir"))
                .filter(line -> !line.startsWith("SLF4J"))
                .collect(Collectors.joining("\n"));
    }
}
