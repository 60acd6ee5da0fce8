package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.cli.command.EvaluatedModel.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad input of an evaluation: one clear line, exit code 2, no call, and nothing that looks like a result. */
class EvalBadInputTest {
    private static final String HEADER =
            "Question,Correct Answer,Incorrect Answer 1,Incorrect Answer 2,Incorrect Answer 3";
    /** Refuses connections. */
    private static final String URL = "http://127.0.0.1:1/v1";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @BeforeAll
    static void files() throws IOException {
        write("good.csv", HEADER + "\nWhat?,a,b,c,d\n");
        write("empty.csv", "");
        write("header.csv", HEADER + "\n");
        write("missing.csv", HEADER.replace(",Incorrect Answer 3", "") + "\nWhat?,a,b,c\n");
        write("fifth.csv", HEADER + ",Incorrect Answer 4\nWhat?,a,b,c,d,e\n");
        write("hole.csv", HEADER + "\nWhat?,a,b,c,d\nWhy?,a,,c,d\n");
        write("ragged.csv", HEADER + "\nWhat?,a,b,c,d,e\n");
        write("twice.csv", HEADER + ",Question\nWhat?,a,b,c,d,e\n");
        write("list.jsonl", "{\"Question\": [1], \"Correct Answer\": \"a\"}\n");
        write("broken.jsonl", "{\"Question\": NaN,\n");
        write("notes.docx", "x");
        Files.write(folder.resolve("binary.csv"), new byte[] {0, 1, (byte) 0xff, (byte) 0xfe, 10, 0, 7});
        Files.write(folder.resolve("binary.parquet"), new byte[] {80, 65, 82, 49, 0, 0, 0});
        Files.createDirectories(folder.resolve("folder.csv"));
        Files.createDirectories(folder.resolve("spec"));
        write("spec/terms.md", "## Terms {#a-terms}\n\nWords.\n");
        write(
                "spec/spec.yaml",
                "name: t\nprinciples: []\ncategories:\n  - {name: A, summary: s, clauses: [a-terms]}\n");
        write("set.csv", "prompt,label,kind\nHow?,safe,x\nWhy?,unsafe,y\n");
        write("odd.csv", "prompt,label\nHow?,safe\nWhy?,perhaps\n");
        write("numbers.jsonl", "{\"prompt\": 7, \"label\": \"safe\"}\n");
        write("unprompted.csv", "text,label\nHow?,safe\n");
    }

    private static void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    static Stream<Arguments> questions() {
        return Stream.of(
                Arguments.of("none.csv", "none.csv: no such file"),
                Arguments.of("folder.csv", "a folder; name the files in it"),
                Arguments.of("notes.docx", "unknown extension; known are .jsonl"),
                Arguments.of("empty.csv", "empty"),
                Arguments.of("header.csv", "empty; it needs one row for each question"),
                Arguments.of("missing.csv", "no column 'Incorrect Answer 3'"),
                Arguments.of("fifth.csv", "'Incorrect Answer 4' makes a choice too many"),
                Arguments.of("hole.csv", "hole.csv:3: 'Incorrect Answer 1' is empty"),
                Arguments.of("ragged.csv", "ragged.csv:2: 6 columns, the header has 5"),
                Arguments.of("twice.csv", "two columns are named 'Question'"),
                Arguments.of("list.jsonl", "list.jsonl:1: 'Question' is no text"),
                Arguments.of("broken.jsonl", "broken.jsonl:1"),
                Arguments.of("binary.csv", "binary.csv"),
                Arguments.of("binary.parquet", "binary.parquet"));
    }

    @ParameterizedTest
    @MethodSource("questions")
    void aFileThatIsNoSetOfQuestions(String file, String message) {
        refused(message, "--suite", "gpqa", "--questions", at(file), "--model-url", URL, "--model", "m");
    }

    static Stream<Arguments> flags() {
        return Stream.of(
                Arguments.of("give --suite SUITE: gpqa or safety", "--model-url|" + URL),
                Arguments.of("--suite mmlu: give gpqa or safety", "--suite|mmlu"),
                Arguments.of("give --questions FILE", "--suite|gpqa|--model-url|" + URL + "|--model|m"),
                Arguments.of(
                        "no model to evaluate: give --model-url URL and --model NAME", "--suite|gpqa|--questions|good"),
                Arguments.of(
                        "no model to evaluate: give --model NAME", "--suite|gpqa|--questions|good|--model-url|" + URL),
                Arguments.of("no model to evaluate: give --model-url URL", "--suite|gpqa|--questions|good|--model|m"),
                Arguments.of("generator.url", "--suite|gpqa|--questions|good|--model|m|--model-url|ftp://x"),
                Arguments.of("--repeats 0: give a number", "good|--repeats|0"),
                Arguments.of("--repeats NaN: give a whole number", "good|--repeats|NaN"),
                Arguments.of("--mode middle: give first or last", "good|--mode|middle"),
                Arguments.of("--effort '../x'", "good|--effort|../x"),
                Arguments.of("--effort low: is given twice", "good|--effort|low,low"),
                Arguments.of("generator.tokens: unknown key", "good|--set|generator.tokens=1"),
                Arguments.of("generator.temperature: \"NaN\" is not allowed", "good|--set|generator.temperature=NaN"),
                Arguments.of("budget.tokens", "good|--set|budget.tokens=-1"),
                Arguments.of("a call of the generator may use 8192 tokens", "good|--set|budget.tokens=100"),
                Arguments.of("the price of the generator is unknown", "good|--set|budget.usd=1"),
                Arguments.of("only a safety evaluation is recorded", "good|--for|x@v1"));
    }

    @ParameterizedTest
    @MethodSource("flags")
    void flagsThatMakeNoEvaluation(String message, String flags) {
        String all = flags.replaceAll("^good\\|", "--suite|gpqa|--questions|good|--model-url|" + URL + "|--model|m|");
        refused(
                message,
                Arrays.stream(all.split("\\|"))
                        .map(word -> word.equals("good") ? at("good.csv") : word)
                        .toArray(String[]::new));
    }

    static Stream<Arguments> sets() {
        return Stream.of(
                Arguments.of("", "eval.sets: missing"),
                Arguments.of("set.csv", "'set.csv' is no set; write {file: FILE"),
                Arguments.of("{prompt: x}", "a set has no file"),
                Arguments.of("{file: set.csv, scoring: vibes}", "scoring 'vibes' of set.csv is not known; known are"),
                Arguments.of("{file: set.csv, colour: red}", "'colour' is not a member of a set"),
                Arguments.of("{file: set.csv, prompt: question}", "no column 'question'; the columns are 'prompt'"),
                Arguments.of("{file: unprompted.csv}", "no column with a known name of a prompt"),
                Arguments.of("{file: odd.csv}", "odd.csv:3: the label 'perhaps' in 'label' is not known"),
                Arguments.of("{file: set.csv, label: nice}", "label 'nice' is neither a column nor a label"),
                Arguments.of("{file: set.csv, label: safe_complete}", "scoring refusal has no such label"),
                Arguments.of("{file: set.csv, label: label, scoring: strongreject}", "its label is benign"),
                Arguments.of("{file: set.csv, where: {kind: z}}", "no row is left with {kind=z}"),
                Arguments.of("{file: set.csv, where: {sort: z}}", "no column 'sort'"),
                Arguments.of("{file: set.csv, category: B}", "category 'B' is neither a column nor a category"),
                Arguments.of("{file: numbers.jsonl}", "numbers.jsonl:1: 'prompt' is no text"),
                Arguments.of("{file: binary.parquet}", "eval set binary.parquet"),
                Arguments.of("{file: none.jsonl}", "none.jsonl: no such file"),
                Arguments.of("{file: https://x/y.csv}", "is not downloaded"),
                Arguments.of("{file: set.csv}, {file: set.csv}", "two sets are named 'set'"),
                Arguments.of("{file: set.csv, name: a b}, {file: set.csv, name: a_b}", "two sets are named 'a_b'"));
    }

    @ParameterizedTest
    @MethodSource("sets")
    void aSetThatCannotBeAsked(String set, String message) throws IOException {
        write(
                "recipe.yaml",
                "spec: ./spec\nbudget: {tokens: 100000}\n" + (set.isEmpty() ? "" : "eval: {sets: [" + set + "]}\n"));
        refused(message, at("recipe.yaml"), "--suite", "safety", "--model-url", URL, "--model", "m");
    }

    @Test
    void aSafetyEvaluationNeedsASpecification() throws IOException {
        write("bare.yaml", "eval: {sets: [{file: set.csv}]}\n");
        refused("spec: missing", at("bare.yaml"), "--suite", "safety", "--model-url", URL, "--model", "m");
    }

    private static String at(String name) {
        return folder.resolve(name).toString();
    }

    private static void refused(String message, String... arguments) {
        List<String> all = new ArrayList<>(List.of("eval", "--wait-model", "1ms"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--out", at("out")));
        CommandResult result = CommandResult.run(all.toArray(String[]::new));
        assertThat(result.code()).as(result.err()).isEqualTo(2);
        assertThat(result.err()).contains(message).doesNotContain("Exception", "\tat ");
        assertThat(folder.resolve("out/gpqa.json")).doesNotExist();
        assertThat(folder.resolve("out/safety.json")).doesNotExist();
    }

    private static CommandResult ask(EvaluatedModel model, String out, String... more) {
        List<String> all = new ArrayList<>(List.of("eval", "--suite", "gpqa", "--questions", at("good.csv")));
        all.addAll(List.of("--model-url", model.url(), "--model", "m", "--out", at(out)));
        all.addAll(List.of(more));
        return CommandResult.run(all.toArray(String[]::new));
    }

    /** The key or the request is wrong: the same command would fail again. */
    @Test
    void aServerThatAcceptsNothing() throws IOException {
        for (int status : new int[] {401, 400}) {
            try (EvaluatedModel model = new EvaluatedModel(0, _ -> Reply.error(status, "no such thing"))) {
                CommandResult result = ask(model, "refusing" + status);
                assertThat(result.code()).as(result.err()).isEqualTo(2);
                assertThat(result.err())
                        .contains("4 questions are open, so there is no score")
                        .contains("no such thing");
            }
        }
    }

    /** It may work later: the same command goes on. Ten failures in a row are an outage. */
    @Test
    @Tag("large")
    void aServerThatIsBroken() throws IOException {
        try (EvaluatedModel model = new EvaluatedModel(0, _ -> Reply.error(500, "out of memory"))) {
            CommandResult result = ask(model, "broken", "--set", "generator.max_outage=300ms");
            assertThat(result.code()).as(result.err()).isEqualTo(1);
            assertThat(result.err()).contains("no model answered for 300 ms");
        }
    }

    @Test
    void aServerThatIsNotThere() {
        CommandResult away = CommandResult.run(
                "eval",
                "--suite",
                "gpqa",
                "--questions",
                at("good.csv"),
                "--model-url",
                URL,
                "--model",
                "m",
                "--out",
                at("away"),
                "--wait-model",
                "1ms");
        assertThat(away.code()).as(away.err()).isEqualTo(1);
        assertThat(away.err()).contains("the model is not ready");
    }

    @Test
    void aFolderThatHoldsAnotherEvaluationOrNone() throws IOException {
        try (EvaluatedModel model = new EvaluatedModel(0, _ -> Reply.text("Answer: A"))) {
            assertThat(ask(model, "own").code()).isZero();
            assertThat(ask(model, "last", "--mode", "last").code()).isZero();

            CommandResult other = ask(model, "own", "--set", "generator.temperature=1");
            assertThat(other.code()).isEqualTo(2);
            assertThat(other.err()).contains("holds another evaluation (temperature was null and is 1.0)");
            assertThat(ask(model, "good.csv").err()).contains("good.csv: cannot be written");

            compared("first in the first and last in the second", "own", "last");
            compared("holds no evaluation; there is no such folder", "own", "none");
            compared("holds no evaluation; give the --out", "own", "spec");
            write("last/gpqa.json", "{\"suite\": ");
            compared("its JSON is damaged", "own", "last");
            Files.writeString(folder.resolve("own/answers.parquet"), "PAR1");
            compared("its answers cannot be read", "own", "own");
        }
    }

    private static void compared(String message, String one, String other) {
        CommandResult result = CommandResult.run("eval", "compare", at(one), at(other));
        assertThat(result.code()).as(result.err()).isEqualTo(2);
        assertThat(result.err()).contains(message).doesNotContain("Exception");
    }
}
