package dev.precept.judging.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.judging.TaskFixture;
import dev.precept.records.JudgingTask;
import dev.precept.records.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A canary file is validated as a whole before a run starts, and a task always has the same canary. */
class CanaryReaderTest {
    private static final String GOOD =
            "{\"id\": \"a\", \"prompt\": \"Why?\", \"category\": \"fraud\", \"reasoning\": \"Hm.\","
                    + " \"answer\": \"Because.\", \"expect\": \"keep\"}";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"id\": | broken JSON, column",
                "[] | a canary is a JSON object",
                "{\"id\": \"a\", \"id\": \"b\"} | duplicate field",
                "{\"id\": \"a\", \"expects\": \"keep\"} | unknown field expects; a canary has answer, categories",
                "{\"prompt\": \"SECRET\"} | 'id' is missing",
                "{\"id\": \"a b\"} | 'id' appears in logs; use up to 64 letters",
                "{\"id\": \"a\", \"expect\": \"no\"} | 'expect' must be keep or turn-away",
                "{\"id\": \"a\", \"expect\": \"keep\"} | give either 'prompt' or 'messages'",
                "{\"id\": \"a\", \"expect\": \"keep\", \"prompt\": \" \"} | 'prompt' is blank",
                "{\"id\": \"a\", \"expect\": \"keep\", \"messages\": \"SECRET\"} | 'messages' must be a list of turns that ends",
                "{\"id\": \"a\", \"expect\": \"keep\", \"messages\": [{\"role\": \"bot\", \"content\": \"SECRET\"}]} | each of 'messages' has a role",
                "{\"id\": \"a\", \"expect\": \"keep\", \"prompt\": \"SECRET\"} | give either 'category' or 'categories'",
                "{\"id\": \"a\", \"expect\": \"keep\", \"prompt\": \"SECRET\", \"category\": 1} | 'category' must be a string, or a list of strings",
                "{\"id\": \"a\", \"expect\": \"keep\", \"prompt\": \"SECRET\", \"categories\": []} | 'categories' is empty; name the",
                "{\"id\": \"a\", \"expect\": \"keep\", \"prompt\": \"SECRET\", \"category\": \"x\"} | 'answer' is missing",
                "{\"id\": \"a\", \"expect\": \"keep\", \"prompt\": \"SECRET\", \"category\": \"x\", \"reasoning\": 1} | 'reasoning' must be a string",
            })
    void anInvalidLineIsReportedWithItsNumberAndWithoutItsTexts(String line, String problem) throws IOException {
        Path file = write("", GOOD.replace("\"a\"", "\"first\""), line);

        assertThatThrownBy(() -> CanaryReader.read(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("judge.canaries.file: " + file + ":3: " + problem.strip())
                .hasMessageNotContaining("SECRET")
                .extracting(e -> ((ConfigurationException) e).problems())
                .satisfies(problems -> assertThat((List<?>) problems).hasSize(1));
    }

    @Test
    void allProblemsAreReportedTogether() throws IOException {
        Path file = write("{", GOOD, GOOD, "[]");

        assertThatThrownBy(() -> CanaryReader.read(file))
                .hasMessageContainingAll(":1: broken JSON", ":3: the id 'a' is that of line 2", ":4: a canary is");
    }

    @Test
    void anEmptyMissingOrUndecodableFileIsReported() throws IOException {
        Path empty = write("", " ");
        assertThatThrownBy(() -> CanaryReader.read(empty)).hasMessageContaining(empty + ": holds no canary");
        Path missing = folder.resolve("missing.jsonl");
        assertThatThrownBy(() -> CanaryReader.read(missing)).hasMessageContaining(missing + ": cannot be read");
        Path latin = Files.write(folder.resolve("latin.jsonl"), new byte[] {'{', (byte) 0xe9, '}'});
        assertThatThrownBy(() -> CanaryReader.read(latin)).hasMessageContaining(latin + ": is not UTF-8 text");
    }

    @Test
    void aConversationMayHaveTurnsAndReasoningMayBeMissing() throws IOException {
        Path file = write("{\"id\": \"a\", \"messages\": [{\"role\": \"system\", \"content\": \"Be brief.\"},"
                + " {\"role\": \"user\", \"content\": \"Why?\"}], \"categories\": [\"fraud\", \"fraud\"],"
                + " \"answer\": \" : \", \"expect\": \"turn-away\"}");

        Canary canary = CanaryReader.read(file).getFirst().canary();

        assertThat(canary.conversation()).extracting("role").containsExactly("system", "user");
        assertThat(canary.categories()).containsExactly("fraud");
        assertThat(canary.reasoning()).isEmpty();
        assertThat(canary.answer()).isEqualTo(":");
        assertThat(canary.expected()).isEqualTo(Canary.Expected.TURN_AWAY);
    }

    @Test
    void aCategoryMissingInTheSpecificationIsReportedWithItsLine() throws IOException {
        TaskFixture fixture = TaskFixture.in(folder.resolve("spec"));
        Path file = write(GOOD, GOOD.replace("\"a\"", "\"b\"").replace("fraud", "weather"));
        Canaries canaries = Canaries.load(Optional.of(new CanarySettings(file, 1)));

        assertThatThrownBy(() -> canaries.requireKnownCategories(fixture.specification()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("judge.canaries.file: " + file + ":2: no category 'weather'; there are fraud");
    }

    @Test
    void oneInEveryNTasksHasACanaryAndTheChoiceIsDeterministic() throws IOException {
        TaskFixture fixture = TaskFixture.in(folder.resolve("spec"));
        Path file = write(GOOD, GOOD.replace("\"a\"", "\"b\""), GOOD.replace("\"a\"", "\"c\""));
        Canaries canaries = Canaries.load(Optional.of(new CanarySettings(file, 20)));
        Canaries afterRestart = Canaries.load(Optional.of(new CanarySettings(file, 20)));
        Map<String, Integer> turns = new TreeMap<>();
        List<String> differing = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            JudgingTask task = fixture.judging("p" + i, "Why?");
            Optional<Canary> beside = canaries.canaryFor(task);
            beside.ifPresent(canary -> turns.merge(canary.id(), 1, Integer::sum));
            if (!beside.equals(afterRestart.canaryFor(task))) {
                differing.add("p" + i);
            }
        }

        assertThat(differing).isEmpty();
        assertThat(turns).containsOnlyKeys("a", "b", "c");
        // Five standard deviations around one in twenty.
        assertThat(turns.values().stream().mapToInt(Integer::intValue).sum()).isBetween(391, 609);
        assertThat(turns.values()).allSatisfy(times -> assertThat(times).isGreaterThan(100));
    }

    @Test
    void theFileIsRelativeToTheRecipe() {
        Recipe recipe = Recipe.parse("recipe.yaml", folder, "judge: {canaries: {file: canaries.jsonl}}");

        assertThat(CanarySettings.read(recipe)).hasValue(new CanarySettings(folder.resolve("canaries.jsonl"), 200));
        assertThat(CanarySettings.read(Recipe.parse("recipe.yaml", folder, "{}")))
                .isEmpty();
        assertThat(Canaries.load(Optional.empty()).size()).isZero();
    }

    @Test
    void withoutAFileEveryIsForTheCanariesOfTheDataset() {
        Recipe recipe = Recipe.parse("recipe.yaml", folder, "judge: {canaries: {every: 1}}");
        KnownAnswer known = new KnownAnswer(
                "calibration-7",
                false,
                List.of(Message.newBuilder().setRole("user").setContent("Why?").build()),
                List.of("privacy"),
                "",
                "So.");

        Canaries canaries = Canaries.load(CanarySettings.read(recipe)).with(List.of(known));

        recipe.throwProblems();
        assertThat(canaries.size()).isOne();
        assertThat(canaries.canaryFor("any task")).hasValueSatisfying(canary -> {
            assertThat(canary.id()).isEqualTo("calibration-7");
            assertThat(canary.expected()).isEqualTo(Canary.Expected.TURN_AWAY);
            assertThat(canary.answer()).isEqualTo("So.");
        });
    }

    @Test
    void aCanaryUsesTheRunParametersOfItsTask() throws IOException {
        TaskFixture fixture = TaskFixture.in(folder.resolve("spec"));
        Canary canary = CanaryReader.read(write(GOOD)).getFirst().canary();
        JudgingTask beside = fixture.judging("p1", "What is a letter of credit?");

        JudgingTask task = canary.toTask(beside, "0".repeat(64));

        assertThat(task.getCandidate().getTask().getPrompt().getRunParameters())
                .isEqualTo(beside.getCandidate().getTask().getPrompt().getRunParameters());
        assertThat(task.getCandidate().getTask().getPrompt().getSpecVersion())
                .isEqualTo(fixture.specification().version());
        assertThat(task.getCandidate().getTask().getRef().getPromptId()).startsWith("canary a beside p1#0");
    }

    private Path write(String... lines) throws IOException {
        return Files.writeString(folder.resolve("canaries.jsonl"), String.join("\n", lines) + "\n");
    }
}
