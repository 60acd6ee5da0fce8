package dev.precept.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.cli.evaluation.EvaluationRecipe;
import dev.precept.cli.evaluation.GpqaRun;
import dev.precept.cli.evaluation.SafetyRun;
import dev.precept.cli.evaluation.SuiteRun;
import dev.precept.config.ConfigurationException;
import dev.precept.dataset.parquet.NativeLibraries;
import dev.precept.evaluation.gpqa.AnswerMode;
import dev.precept.evaluation.result.ChartPage;
import dev.precept.runtime.ExitCode;
import dev.precept.runtime.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code precept eval}. */
@Command(
        name = "eval",
        mixinStandardHelpOptions = true,
        subcommands = EvalCompareCommand.class,
        description =
                "Evaluate a model: multiple choice, or refusal against over-refusal. Run the same command again to"
                        + " resume.")
final class EvalCommand implements Callable<Integer> {
    /** A folder name, and none of an evaluation's own. */
    private static final Pattern EFFORT = Pattern.compile("(?!work$)[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private enum Suite {
        GPQA,
        SAFETY
    }

    @Parameters(
            arity = "0..1",
            paramLabel = "RECIPE.yaml",
            description =
                    "its generator section says how the model is asked; safety: also its judge, spec and eval.sets")
    private @Nullable Path recipe;

    @Option(names = "--recipe", paramLabel = "FILE", description = "the same")
    private @Nullable Path option;

    @Option(names = "--suite", paramLabel = "SUITE", description = "gpqa or safety")
    private @Nullable Suite suite;

    @Option(
            names = "--questions",
            paramLabel = "FILE",
            description = "gpqa: questions with the columns Question, Correct Answer, Incorrect Answer 1 to 3")
    private @Nullable Path questions;

    @Option(names = "--model-url", paramLabel = "URL", description = "endpoint of the model to evaluate")
    private @Nullable String modelUrl;

    @Option(names = "--model", paramLabel = "NAME", description = "the model to evaluate")
    private @Nullable String model;

    @Option(
            names = "--effort",
            paramLabel = "E[,E]",
            split = ",",
            description = "reasoning effort, a value of the server; several are evaluated one after the other")
    private List<String> efforts = new ArrayList<>();

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            defaultValue = "first",
            description = "gpqa: whether the first or last letter of an answer counts (default ${DEFAULT-VALUE})")
    private AnswerMode mode = AnswerMode.FIRST;

    @Option(
            names = "--repeats",
            paramLabel = "N",
            defaultValue = "4",
            description = "gpqa: how often each question is asked (default ${DEFAULT-VALUE})")
    private int repeats = 4;

    @Option(names = "--judge-url", paramLabel = "URL", description = "safety: endpoint of the judge")
    private @Nullable String judgeUrl;

    @Option(names = "--judge-model", paramLabel = "NAME", description = "safety: model of the judge")
    private @Nullable String judgeModel;

    @Option(names = "--spec", paramLabel = "DIR", description = "safety: specification folder")
    private @Nullable String spec;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "folder of the result; of several efforts, each in a folder of its name below it")
    private @Nullable Path out;

    @Option(
            names = "--for",
            paramLabel = "DATASET@VERSION",
            description = "safety: record the result for the version that the model was trained on, for gates.eval")
    private @Nullable String version;

    @Option(names = "--concurrency", paramLabel = "N", description = "maximum calls in flight (default 256)")
    private @Nullable String concurrency;

    @Option(names = "--call-timeout", paramLabel = "DURATION", description = "timeout of one call, such as 120s")
    private @Nullable String callTimeout;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "any recipe key; may be repeated")
    private Map<String, String> set = Map.of();

    @Mixin
    private WaitOption wait = new WaitOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws IOException, InterruptedException {
        NativeLibraries.requireLoadable();
        SuiteRun run = suite();
        requireVersion();
        Path folder = required(out, "--out DIR", "the folder of the result");
        requireEfforts();
        List<ObjectNode> results = new ArrayList<>();
        ExitCode worst = ExitCode.RELEASED;
        for (Optional<String> effort : efforts()) {
            Path own = efforts.size() < 2 ? folder : folder.resolve(effort.orElseThrow());
            SuiteRun.Outcome outcome = run.run(effort, own);
            outcome.result().ifPresent(results::add);
            worst = worst.code() < outcome.code().code() ? outcome.code() : worst;
            if (outcome.code() != ExitCode.RELEASED) {
                break;
            }
        }
        if (worst == ExitCode.RELEASED && suite == Suite.SAFETY) {
            summarise(results, folder);
        }
        if (output.isJson()) {
            for (ObjectNode result : results) {
                OutputOption.print(result);
            }
        }
        return worst.code();
    }

    /** Of all efforts: one page, and the record for a version. */
    private void summarise(List<ObjectNode> results, Path folder) throws IOException {
        if (results.size() > 1) {
            ChartPage page = new ChartPage("Safety evaluation");
            results.forEach(result -> page.add(ChartPage.label(result), result));
            Files.writeString(folder.resolve(SafetyRun.PAGE), page.html(false));
        }
        if (version != null) {
            VersionRecord.write(VersionRef.parse(version), results);
        }
    }

    private SuiteRun suite() {
        EvaluationRecipe read = new EvaluationRecipe(RecipeOptions.one(recipe, option), flags());
        read.rejectUnknownKeys();
        Duration patience = wait.patience();
        return switch (required(suite, "--suite SUITE", "gpqa or safety")) {
            case GPQA -> {
                if (repeats < 1 || repeats > 1_000) {
                    throw new ConfigurationException("--repeats " + repeats + ": give a number from 1 to 1000");
                }
                Path file = required(questions, "--questions FILE", "a table with the columns of GPQA");
                yield new GpqaRun(read, modelUrl, model, file, mode, repeats, patience, output.isJson());
            }
            case SAFETY ->
                new SafetyRun(
                        read,
                        modelUrl,
                        model,
                        new WorkFolder(
                                required(out, "--out DIR", "the folder of the result")
                                        .resolve("work"),
                                "--out"),
                        patience,
                        output.isJson());
        };
    }

    private Map<String, String> flags() {
        Map<String, String> flags = new LinkedHashMap<>();
        put(flags, "judge.url", judgeUrl);
        put(flags, "judge.model", judgeModel);
        put(flags, "spec", spec);
        put(flags, "generator.concurrency", concurrency);
        put(flags, "generator.call_timeout", callTimeout);
        flags.putAll(set);
        return flags;
    }

    private static void put(Map<String, String> flags, String key, @Nullable String value) {
        if (value != null) {
            flags.put(key, value);
        }
    }

    private List<Optional<String>> efforts() {
        return efforts.isEmpty()
                ? List.of(Optional.empty())
                : efforts.stream().map(Optional::of).toList();
    }

    /** Before money is spent: the version must exist. */
    private void requireVersion() {
        if (version == null) {
            return;
        }
        if (suite != Suite.SAFETY) {
            throw new ConfigurationException(
                    "--for " + version + ": only a safety evaluation is recorded for a version");
        }
        VersionRecord.requireVersion(VersionRef.parse(version));
    }

    private void requireEfforts() {
        Set<String> seen = new HashSet<>();
        for (String effort : efforts) {
            if (!EFFORT.matcher(effort).matches()) {
                throw new ConfigurationException("--effort '" + effort
                        + "': give the server's word for it, in letters and digits, as in --effort low,high");
            }
            if (!seen.add(effort)) {
                throw new ConfigurationException("--effort " + effort + ": is given twice");
            }
        }
    }

    private static <V> V required(@Nullable V value, String option, String meaning) {
        if (value == null) {
            throw new ConfigurationException("give " + option + ": " + meaning);
        }
        return value;
    }
}
