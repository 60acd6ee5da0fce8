package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.dataset.parquet.ParquetFiles;
import dev.precept.evaluation.gpqa.GpqaEvaluation;
import dev.precept.testkit.Jvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Multiple choice at a real server: planted answers are counted, and no question is answered twice. */
class EvalGpqaTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Path questions(int count) throws IOException {
        StringBuilder rows = new StringBuilder(
                "Id,Question,Correct Answer,Incorrect Answer 1,Incorrect Answer 2,Incorrect Answer 3\n");
        for (int i = 0; i < count; i++) {
            rows.append(i)
                    .append(",\"What is\n\"\"thing\"\" ")
                    .append(i)
                    .append("?\",right,b")
                    .append(i);
            rows.append(",c").append(i).append(",d").append(i).append('\n');
        }
        return Files.writeString(folder.resolve("questions.csv"), rows);
    }

    /** Right for even things, wrong for odd ones; the first letter of each answer is wrong. */
    private static EvaluatedModel.Reply evenThings(JsonNode request) {
        String question = EvaluatedModel.question(request);
        boolean even = (question.charAt(question.indexOf('?') - 1) - '0') % 2 == 0;
        String right = question.substring(question.indexOf(") right") - 1, question.indexOf(") right"));
        String wrong = right.equals("A") ? "B" : "A";
        return EvaluatedModel.Reply.text("Answer: " + wrong + "?\nNo.\nAnswer: " + (even ? right : wrong));
    }

    private List<String> arguments(Path questions, EvaluatedModel model, String out, String... more) {
        List<String> arguments = new ArrayList<>(List.of("eval", "--suite", "gpqa", "--questions"));
        arguments.addAll(List.of(questions.toString(), "--model-url", model.url(), "--model", "m", "--out"));
        arguments.add(folder.resolve(out).toString());
        arguments.addAll(List.of(more));
        return arguments;
    }

    private CommandResult run(List<String> arguments) {
        return CommandResult.run(arguments.toArray(String[]::new));
    }

    private JsonNode result(String out) throws IOException {
        try (var files = Files.newDirectoryStream(folder.resolve(out), "*.json")) {
            List<Path> found = new ArrayList<>();
            files.forEach(found::add);
            assertThat(found).hasSize(1);
            return JSON.readTree(found.getFirst().toFile());
        }
    }

    @Test
    void plantedAnswersAreCountedInBothModes() throws IOException {
        try (EvaluatedModel model = new EvaluatedModel(0, EvalGpqaTest::evenThings)) {
            Path questions = questions(10);

            assertThat(run(arguments(questions, model, "out", "--mode", "last")).out())
                    .startsWith("m: 50.00 % (95 % interval ");
            JsonNode last = result("out");
            // The answers are read in another way, and none is asked for again.
            assertThat(run(arguments(questions, model, "out")).code()).isZero();
            JsonNode first = result("out");

            assertThat(last.path("score").doubleValue()).isEqualTo(0.5);
            assertThat(last.path("mode").asText()).isEqualTo("last");
            assertThat(last.path("counts").path("asked").intValue()).isEqualTo(40);
            assertThat(last.path("counts").path("correct").intValue()).isEqualTo(20);
            assertThat(first.path("score").doubleValue()).isEqualTo(0);
            assertThat(first.path("mode").asText()).isEqualTo("first");
            assertThat(model.answered()).isEqualTo(40);
            assertThat(model.answeredTwice()).isZero();
            List<String> orders = new ArrayList<>();
            ParquetFiles.readColumns(
                    folder.resolve("out/answers.parquet"),
                    GpqaEvaluation.SCHEMA,
                    List.of("permutation"),
                    columns -> orders.addAll(columns));
            assertThat(orders).hasSize(40).startsWith("3102", "3120", "2301", "2031", "1302", "2103", "3102", "3210");
        }
    }

    @Test
    void eachEffortHasAFolder() throws IOException {
        try (EvaluatedModel model = new EvaluatedModel(
                0,
                request -> EvaluatedModel.Reply.text(
                        "Answer: " + (request.path("reasoning_effort").asText().equals("high") ? "A" : "none")))) {
            assertThat(run(arguments(questions(3), model, "out", "--effort", "low,high"))
                            .code())
                    .isZero();

            assertThat(result("out/low").path("score").doubleValue()).isZero();
            assertThat(result("out/high").path("score").doubleValue()).isPositive();
            assertThat(result("out/high").path("effort").asText()).isEqualTo("high");
        }
    }

    /** A failed call is no wrong answer: there is no score until the same command has an answer for each question. */
    @Test
    void aRefusedQuestionStaysOpen() throws IOException {
        AtomicInteger broken = new AtomicInteger(1);
        try (EvaluatedModel model = new EvaluatedModel(0, request -> {
            boolean refused =
                    broken.get() > 0 && EvaluatedModel.question(request).contains("thing\" 7");
            return refused ? EvaluatedModel.Reply.error(400, "no grammar for this") : evenThings(request);
        })) {
            CommandResult open = run(arguments(questions(10), model, "out", "--mode", "last"));

            assertThat(open.code()).as(open.err()).isEqualTo(1);
            assertThat(open.err()).contains("4 questions are open, so there is no score", "no grammar for this");
            assertThat(result("out").path("score").isNull()).isTrue();
            assertThat(result("out").path("counts").path("open").intValue()).isEqualTo(4);

            broken.set(0);
            assertThat(run(arguments(questions(10), model, "out", "--mode", "last"))
                            .code())
                    .isZero();
            assertThat(result("out").path("score").doubleValue()).isEqualTo(0.5);
            assertThat(model.answeredTwice()).isZero();
        }
    }

    /** What the budget does not cover is not asked; a larger one goes on. */
    @Test
    void theBudgetHoldsOverProcesses() throws IOException {
        try (EvaluatedModel model = new EvaluatedModel(0, EvalGpqaTest::evenThings)) {
            String[] small = {
                "--mode",
                "last",
                "--set",
                "generator.max_tokens=100",
                "--set",
                "budget.tokens=2000",
                "--concurrency",
                "2"
            };
            List<String> arguments = arguments(questions(10), model, "out", small);

            CommandResult spent = run(arguments);
            int answered = model.answered();
            CommandResult again = run(arguments);

            assertThat(spent.code()).as(spent.err()).isEqualTo(1);
            assertThat(spent.err()).contains("the budget of the run is spent");
            assertThat(answered).isBetween(10, 18);
            assertThat(again.code()).isEqualTo(1);
            assertThat(model.answered()).isEqualTo(answered);
            assertThat(run(arguments(
                                    questions(10), model, "out", "--mode", "last", "--set", "generator.max_tokens=100"))
                            .code())
                    .isZero();
            assertThat(model.answered()).isEqualTo(40);
            // What a process without a budget spends counts for a later one that has a budget.
            assertThat(Files.readAllLines(folder.resolve("out/work/answers.log")).stream()
                            .filter(line -> line.startsWith("spend "))
                            .map(line -> line.substring(0, line.indexOf('\t')))
                            .distinct())
                    .hasSize(2);
        }
    }

    @Test
    @Tag("large")
    void aKilledEvaluationHasTheSameResultAndAsksNothingTwice() throws IOException {
        try (EvaluatedModel model = new EvaluatedModel(1_000, EvalGpqaTest::evenThings)) {
            Path questions = questions(198);
            List<String> arguments = arguments(questions, model, "out", "--mode", "last");
            for (int kill : new int[] {200, 500}) {
                try (Jvm child = Jvm.start(
                        new Jvm.Launch(Precept.class, arguments.toArray(String[]::new)).withHeap("1g"),
                        folder.resolve("child.log"))) {
                    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> model.answered() >= kill);
                    assertThat(child.isAlive()).isTrue();
                }
            }
            long started = System.nanoTime();
            CommandResult done = run(arguments);

            assertThat(done.code()).as(done.err()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(60));
            assertThat(result("out").path("score").doubleValue()).isBetween(0.49, 0.51);
            assertThat(model.mostInFlight()).isLessThanOrEqualTo(256);
            // Calls in flight at a kill are lost, and no others.
            assertThat(Files.readString(folder.resolve("out/work/answers.log"))
                            .lines()
                            .filter(line -> line.startsWith("answer ")))
                    .hasSize(792);
        }
    }
}
