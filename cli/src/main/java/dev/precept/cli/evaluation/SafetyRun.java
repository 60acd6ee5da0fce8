package dev.precept.cli.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.cli.run.RunPlan;
import dev.precept.cli.terminal.Terminal;
import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.config.Section;
import dev.precept.evaluation.SourceTable;
import dev.precept.evaluation.ask.AskedModel;
import dev.precept.evaluation.ask.EvaluationBudget;
import dev.precept.evaluation.result.ChartPage;
import dev.precept.evaluation.result.ResultFolder;
import dev.precept.evaluation.result.Unfinished;
import dev.precept.evaluation.safety.SafetyEvaluation;
import dev.precept.evaluation.safety.SafetyJudge;
import dev.precept.evaluation.safety.SafetySet;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.ModelAccess;
import dev.precept.judging.Panel;
import dev.precept.prompts.source.NamedFile;
import dev.precept.records.Budget;
import dev.precept.runtime.ExitCode;
import dev.precept.runtime.WorkFolder;
import dev.precept.spec.Specification;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The suite {@code safety} on one model. */
public final class SafetyRun implements SuiteRun {
    /** The page of a result. */
    public static final String PAGE = "safety.html";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final EndpointSettings model;
    private final Optional<Budget> budget;
    private final Panel<EndpointSettings> judges;
    private final Specification specification;
    private final SafetyEvaluation evaluation;
    private final Duration patience;
    private final boolean quiet;

    /**
     * Reads and checks everything before a call.
     *
     * @param work holds copies of sets that are in a bucket
     * @param quiet whether the result is printed elsewhere
     */
    public SafetyRun(
            EvaluationRecipe recipe,
            @Nullable String url,
            @Nullable String name,
            WorkFolder work,
            Duration patience,
            boolean quiet) {
        this.model = recipe.model(url, name, System.getenv());
        this.patience = patience;
        this.quiet = quiet;
        Recipe read = recipe.read();
        List<SafetySet> sets = SafetySet.read(read);
        read.throwProblems();
        if (sets.isEmpty()) {
            throw new ConfigurationException("eval.sets: missing; name the sets of prompts, as in eval: {sets: [{file:"
                    + " FILE.csv, prompt: COLUMN, label: COLUMN, scoring: refusal}]}");
        }
        Path spec = read.section("")
                .path("spec", "specification folder")
                .orElseThrow(() -> new ConfigurationException(
                        "spec: missing; the judge needs a specification: name its folder, or give --spec DIR"));
        this.specification = RunPlan.specification(spec);
        this.judges = recipe.judges(model, System.getenv());
        this.budget = recipe.budget(model, judges.judges());
        this.evaluation = new SafetyEvaluation(sets, set -> table(read, set, work), specification, judges);
    }

    private static SourceTable table(Recipe recipe, SafetySet set, WorkFolder work) {
        Section section = recipe.section("eval");
        NamedFile file = NamedFile.read(recipe, section, "sets", set.file()).orElse(null);
        recipe.throwProblems();
        if (file == null) {
            throw new ConfigurationException("eval set " + set.file() + ": is no file");
        }
        return QuestionFile.read("eval set ", file, work);
    }

    @Override
    public Outcome run(Optional<String> effort, Path path) throws IOException, InterruptedException {
        EndpointSettings settings = EvaluationRecipe.withEffort(model, effort);
        try (ResultFolder folder = ResultFolder.open(path, evaluation.identity(settings))) {
            if (!evaluation.isJudged(folder.log())) {
                Optional<String> why = notReady(settings);
                if (why.isPresent()) {
                    System.err.println(why.get());
                    return new Outcome(ExitCode.WORK_LEFT, Optional.empty());
                }
            }
            Unfinished unfinished = work(settings, folder);
            ObjectNode result = (ObjectNode) JSON.readTree(Files.readString(folder.resolve(SafetyEvaluation.RESULT)));
            folder.write(
                    PAGE,
                    new ChartPage("Safety evaluation")
                            .add(ChartPage.label(result), result)
                            .html(false));
            unfinished.line().ifPresentOrElse(System.err::println, () -> print(result, folder));
            return new Outcome(SuiteRun.code(unfinished), Optional.of(result));
        }
    }

    private Optional<String> notReady(EndpointSettings settings) throws InterruptedException {
        Optional<String> why = EndpointReady.await("model", settings, patience, System.err);
        for (EndpointSettings judge : judges.judges()) {
            if (why.isEmpty() && !judge.weights().equals(settings.weights())) {
                why = EndpointReady.await("judge", judge, patience, System.err);
            }
        }
        return why;
    }

    private Unfinished work(EndpointSettings settings, ResultFolder folder) throws IOException, InterruptedException {
        MeterRegistry meters = new SimpleMeterRegistry();
        try (AskedModel asked = new AskedModel(settings, folder.log(), meters);
                SafetyJudge judge = new SafetyJudge(judges, specification, folder.secret(), folder.log(), meters)) {
            List<ModelAccess> models = new ArrayList<>(judge.access());
            models.add(asked.access());
            try (EvaluationBudget _ = EvaluationBudget.start(budget, folder.log(), models)) {
                CallProgress progress =
                        new CallProgress(System.err, Terminal::columnsOfErrors, "safety", evaluation.size());
                try {
                    return evaluation.run(asked, judge, folder, progress::show);
                } finally {
                    progress.end();
                }
            }
        }
    }

    private void print(ObjectNode result, ResultFolder folder) {
        if (quiet) {
            return;
        }
        System.out.println(ChartPage.label(result));
        measure(result, "not_unsafe", "disallowed prompts not complied with");
        measure(result, "not_overrefuse", "benign prompts complied with");
        System.out.println("  (95 % intervals; with few prompts, or with answers that are all alike, the truth");
        System.out.println("  may lie outside of them)");
        System.out.println();
        System.out.println(String.format(
                Locale.ROOT,
                "  %-18s %-13s %7s %8s %6s %9s %9s",
                "set",
                "label",
                "prompts",
                "refused",
                "safe",
                "complied",
                "goodness"));
        for (JsonNode row : result.path("rates")) {
            System.out.println(String.format(
                    Locale.ROOT,
                    "  %-18s %-13s %7d %8d %6d %9d %9s",
                    cut(row.path("set").asText(), 18),
                    row.path("label").asText(),
                    row.path("rows").asInt(),
                    row.path("refused").asInt(),
                    row.path("safe_completed").asInt(),
                    row.path("complied").asInt(),
                    row.has("goodness")
                            ? String.format(
                                    Locale.ROOT,
                                    "%.1f %%",
                                    100 * row.path("goodness").asDouble())
                            : "-"));
        }
        int empty = 0;
        for (JsonNode row : result.path("rates")) {
            empty += row.path("empty").asInt();
        }
        if (empty > 0) {
            System.out.println("  " + empty
                    + " answers are empty and count nowhere; raise generator.max_tokens if they were" + " cut");
        }
        System.out.println();
        System.out.println("chart and tables: " + folder.resolve(PAGE));
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length - 1) + "…";
    }

    private static void measure(ObjectNode result, String name, String what) {
        JsonNode measure = result.path("chart").path(name);
        if (measure.has("value")) {
            System.out.println(String.format(
                    Locale.ROOT,
                    "  %-15s %5.1f %% (%.1f to %.1f)  %s",
                    name,
                    100 * measure.path("value").asDouble(),
                    100 * measure.path("interval").path(0).asDouble(),
                    100 * measure.path("interval").path(1).asDouble(),
                    what));
        }
    }
}
