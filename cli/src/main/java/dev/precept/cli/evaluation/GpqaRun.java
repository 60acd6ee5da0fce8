package dev.precept.cli.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.cli.terminal.Terminal;
import dev.precept.evaluation.SourceTable;
import dev.precept.evaluation.ask.AskedModel;
import dev.precept.evaluation.ask.EvaluationBudget;
import dev.precept.evaluation.gpqa.AnswerMode;
import dev.precept.evaluation.gpqa.GpqaEvaluation;
import dev.precept.evaluation.result.ResultFolder;
import dev.precept.evaluation.result.Unfinished;
import dev.precept.judging.EndpointSettings;
import dev.precept.records.Budget;
import dev.precept.runtime.ExitCode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The suite {@code gpqa} on one model. */
public final class GpqaRun implements SuiteRun {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final EndpointSettings model;
    private final Optional<Budget> budget;
    private final GpqaEvaluation evaluation;
    private final Duration patience;
    private final boolean quiet;

    /** @param quiet whether the result is printed elsewhere */
    public GpqaRun(
            EvaluationRecipe recipe,
            @Nullable String url,
            @Nullable String name,
            Path questions,
            AnswerMode mode,
            int repeats,
            Duration patience,
            boolean quiet) {
        this.model = recipe.model(url, name, System.getenv());
        this.budget = recipe.budget(model, List.of());
        SourceTable table = QuestionFile.read("--questions", questions);
        this.evaluation = new GpqaEvaluation(table, mode, repeats);
        this.patience = patience;
        this.quiet = quiet;
    }

    @Override
    public Outcome run(Optional<String> effort, Path path) throws IOException, InterruptedException {
        EndpointSettings settings = EvaluationRecipe.withEffort(model, effort);
        try (ResultFolder folder = ResultFolder.open(path, evaluation.identity(settings))) {
            Unfinished unfinished;
            try (AskedModel asked = new AskedModel(settings, folder.log(), new SimpleMeterRegistry());
                    EvaluationBudget _ = EvaluationBudget.start(budget, folder.log(), List.of(asked.access()))) {
                if (!evaluation.isAnswered(asked)) {
                    Optional<String> why = EndpointReady.await("model", settings, patience, System.err);
                    if (why.isPresent()) {
                        System.err.println(why.get());
                        return new Outcome(ExitCode.WORK_LEFT, Optional.empty());
                    }
                }
                CallProgress progress =
                        new CallProgress(System.err, Terminal::columnsOfErrors, "gpqa", evaluation.size());
                try {
                    unfinished = evaluation.run(asked, folder, progress::show);
                } finally {
                    progress.end();
                }
            }
            ObjectNode result = (ObjectNode) JSON.readTree(Files.readString(folder.resolve(GpqaEvaluation.RESULT)));
            unfinished.line().ifPresentOrElse(System.err::println, () -> print(result, folder));
            return new Outcome(SuiteRun.code(unfinished), Optional.of(result));
        }
    }

    private void print(ObjectNode result, ResultFolder folder) {
        if (quiet) {
            return;
        }
        JsonNode counts = result.path("counts");
        System.out.println(String.format(
                Locale.ROOT,
                "%s%s: %.2f %% (95 %% interval %.2f to %.2f)",
                result.path("model").asText(),
                result.path("effort").isNull()
                        ? ""
                        : " at " + result.path("effort").asText() + " effort",
                100 * result.path("score").asDouble(),
                100 * result.path("interval").path(0).asDouble(),
                100 * result.path("interval").path(1).asDouble()));
        System.out.println(String.format(
                Locale.ROOT,
                "%,d of %,d right; the %s letter of an answer counts",
                counts.path("correct").asInt(),
                counts.path("asked").asInt(),
                result.path("mode").asText()));
        note(counts.path("without_letter").asInt(), "without a letter, counted as wrong");
        note(counts.path("cut").asInt(), "cut at the token limit; raise generator.max_tokens");
        note(counts.path("filtered").asInt(), "refused by a content filter, counted as wrong");
        System.out.println("written to " + folder.path());
    }

    private static void note(int count, String what) {
        if (count > 0) {
            System.out.println(String.format(Locale.ROOT, "%,d %s %s", count, count == 1 ? "answer" : "answers", what));
        }
    }
}
