package dev.precept.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.judging.ScriptedModel;
import dev.precept.judging.ScriptedModel.ScriptedReply;
import dev.precept.judging.TaskFixture;
import dev.precept.reward.RunningReward.Variant;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The functions for trainers in {@code trainers/precept_reward.py}: with the arguments that trainers pass, and in a step of
 * TRL where the variable PRECEPT_PYTHON names a Python that has it.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class TrainerFunctionsTest {
    private static final String VARIABLE = "PRECEPT_PYTHON";
    private static final Path ROOT = Path.of(System.getProperty("precept.root", ".."));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private static String python() {
        return Objects.requireNonNullElse(System.getenv(VARIABLE), "python3");
    }

    private static boolean runs(String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of(python()));
        command.addAll(List.of(arguments));
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** The last line that a script prints, as JSON. */
    private static JsonNode run(String script, String url, Path out) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                python(),
                "-B",
                ROOT.resolve("rewards/src/test/python/" + script).toString(),
                ROOT.resolve("trainers").toString(),
                out.toString());
        builder.environment().put("PRECEPT_REWARD_URL", url);
        builder.environment().put("PRECEPT_REWARD_PATIENCE", "3");
        builder.environment().put("HF_HUB_OFFLINE", "1");
        Process process = builder.redirectError(out.resolve("stderr").toFile()).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(printed + Files.readString(out.resolve("stderr")))
                .isZero();
        List<String> lines = printed.lines().toList();
        return RunningReward.JSON.readTree(lines.getLast());
    }

    private static ScriptedReply judgement(JsonNode request) {
        String text = ScriptedModel.text(request);
        return text.contains("Never.")
                ? ScriptedReply.completion("", "no vote")
                : RunningReward.vote(text.contains("Bad.") ? 2 : 9);
    }

    @Test
    void theEntryPointsReturnWhatTrainersExpect() throws Exception {
        assumeTrue(runs("--version"), "there is no " + python() + "; set " + VARIABLE);
        TaskFixture fixture = TaskFixture.in(folder.resolve("spec"));
        try (ScriptedModel judge = new ScriptedModel();
                RunningReward service = new RunningReward(
                        judge, fixture, folder.resolve("votes"), folder.resolve("work"), Variant.of(1))) {
            judge.script(TrainerFunctionsTest::judgement);
            JsonNode returned = run("recorded_calls.py", service.url(), folder);
            assertThat(returned.path("trl").toString()).isEqualTo("[0.9,0.2,null,0.2]");
            assertThat(returned.path("verl").toString()).isEqualTo("{\"score\":0.9}");
            assertThat(returned.path("sync").toString()).isEqualTo("{\"score\":0.2}");
            assertThat(returned.path("skyrl").toString()).isEqualTo("[0.9,true]");
            assertThat(returned.path("refused").asText()).contains("status 400", "it has fraud");
            assertThat(RunningReward.texts(judge)).isNotEmpty().noneMatch(text -> text.contains("SECRET-REASONING"));
        }
    }

    @Test
    @Tag("large")
    void aStepOfGrpoIsRewarded() throws Exception {
        assumeTrue(System.getenv(VARIABLE) != null, VARIABLE + " is not set");
        assumeTrue(runs("-c", "import trl"), python() + " has no TRL");
        TaskFixture fixture = TaskFixture.in(folder.resolve("spec"));
        try (ScriptedModel judge = new ScriptedModel();
                RunningReward service = new RunningReward(
                        judge, fixture, folder.resolve("votes"), folder.resolve("work"), Variant.of(1))) {
            judge.script(
                    request -> RunningReward.vote(ScriptedModel.text(request).length() % 10));
            JsonNode returned = run("grpo_step.py", service.url(), folder);
            assertThat(returned.path("steps").intValue()).isEqualTo(1);
            assertThat(returned.path("rewards")).hasSize(4).allMatch(JsonNode::isDouble);
        }
    }
}
