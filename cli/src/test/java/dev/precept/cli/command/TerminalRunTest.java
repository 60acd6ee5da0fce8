package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.precept.model.mock.FaultInjection;
import dev.precept.model.mock.MockModelServer;
import dev.precept.testkit.Jvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code init} writes runs, its output in a file has neither control characters nor question marks, its log is quiet, and
 * Ctrl-C is answered. Short forms: {@link CommandHelpTest}, {@code ProgressLineTest}, {@code StopRequestTest}.
 */
@Tag("large")
class TerminalRunTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void theFirstRecipeRunsQuietly() throws IOException, InterruptedException {
        assertThat(CommandResult.run("init", folder.resolve("mine").toString()).code())
                .isZero();
        Path output = folder.resolve("output.txt");
        try (Jvm run = start(output, "run", "mine/recipe.yaml")) {
            assertThat(run.awaitExit(Duration.ofMinutes(3)))
                    .as(Files.readString(output))
                    .isZero();
        }
        String printed = Files.readString(output, StandardCharsets.US_ASCII);
        assertThat(printed)
                .matches("[\\p{Print}\\n]*")
                .doesNotContain("?")
                .contains("8 of 8 done", "released", "show it      precept show", "log ");
        String name = printed.lines()
                .filter(line -> line.startsWith("log "))
                .findFirst()
                .orElseThrow()
                .substring("log ".length());
        List<String> warnings = Files.readAllLines(folder.resolve(name)).stream()
                .filter(line -> line.contains(" WARN ") || line.contains(" ERROR "))
                .filter(line -> !line.contains("CallProblems"))
                .toList();
        assertThat(warnings).as("warnings of a run that is well").isEmpty();
    }

    @Test
    void ctrlCIsAnsweredAtOnceAndTheSecondOneEnds() throws IOException, InterruptedException {
        assertThat(CommandResult.run("init", folder.resolve("mine").toString()).code())
                .isZero();
        Path output = folder.resolve("output.txt");
        FaultInjection slow = FaultInjection.none().withLatency(Duration.ofSeconds(8), Duration.ZERO);
        try (MockModelServer model = MockModelServer.start(0, slow);
                Jvm run = start(output, "run", "mine/recipe.yaml", "--model-url", model.url(), "--set", "drain=60s")) {
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> Files.readString(output).contains("generating "));
            run.interrupt();
            await("less than a call takes")
                    .atMost(Duration.ofSeconds(6))
                    .until(() -> Files.readString(output).contains("stopping: waits for "));
            run.interrupt();
            assertThat(run.awaitExit(Duration.ofSeconds(30))).isEqualTo(1);
            assertThat(Files.readString(output)).contains("calls, at most 60 s; Ctrl-C again", "stopped at once");
        }
    }

    private Jvm start(Path output, String... command) {
        Jvm.Launch launch = new Jvm.Launch(Precept.class, command)
                .withHeap("1g")
                .withEnvironment(Map.of(
                        "LC_ALL", "C", "JDK_JAVA_OPTIONS", "-Dslf4j.provider=org.slf4j.simple.SimpleServiceProvider"))
                .in(folder);
        return Jvm.start(launch, output);
    }
}
