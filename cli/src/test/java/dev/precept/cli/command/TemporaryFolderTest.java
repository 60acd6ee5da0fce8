package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.testkit.Jvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A temporary folder from which no native library can be loaded is found before anything starts. Here it is missing; to
 * mount one {@code noexec} needs an administrator.
 */
class TemporaryFolderTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"run", "doctor"})
    void aTemporaryFolderWithoutNativeCodeIsAConfigurationError(String command) throws IOException {
        Path missing = folder.resolve("missing");
        Path output = folder.resolve("output");
        Map<String, String> environment = Map.of(
                "JAVA_TOOL_OPTIONS",
                "-Djava.io.tmpdir=" + missing + " -Dprecept.home=" + System.getProperty("precept.root"));
        Jvm.Launch launch = new Jvm.Launch(
                Precept.class,
                command,
                "--set",
                "kafka.bootstrap.servers=127.0.0.1:9",
                "--work",
                folder.resolve("work").toString());
        try (Jvm process = Jvm.start(launch.withEnvironment(environment).in(folder), output)) {
            assertThat(process.awaitExit(Duration.ofMinutes(1)))
                    .as(Files.readString(output))
                    .isEqualTo(2);
        }
        assertThat(Files.readString(output))
                .contains("emporary folder " + missing, "no native library can be loaded", "PRECEPT_JAVA_OPTS=")
                .doesNotContain("Exception", "completed work is safe");
        assertThat(folder.resolve("dataset")).doesNotExist();
    }
}
