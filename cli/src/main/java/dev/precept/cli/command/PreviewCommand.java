package dev.precept.cli.command;

import dev.precept.cli.run.Logging;
import dev.precept.cli.run.ModelReadiness;
import dev.precept.cli.run.PipelineStoppedException;
import dev.precept.cli.run.ProgressTable;
import dev.precept.cli.run.RunExecution;
import dev.precept.cli.run.RunPlan;
import dev.precept.cli.run.RunRecipe;
import dev.precept.cli.terminal.CommandName;
import dev.precept.cli.terminal.Terminal;
import dev.precept.config.Recipe;
import dev.precept.dataset.read.RowChoice;
import dev.precept.dataset.read.RowPreview;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.UsageRecords;
import dev.precept.model.TokenUsage;
import dev.precept.model.pricing.Price;
import dev.precept.prompts.SourceFiles;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import dev.precept.records.Usage;
import dev.precept.records.Vote;
import dev.precept.runs.RunProgress;
import dev.precept.runtime.ExitCode;
import dev.precept.runtime.WorkFolder;
import dev.precept.workers.WorkerSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code precept preview}. Uses a work folder and dataset of its own, but the response cache of the recipe's dataset, so
 * that the run reuses the responses.
 */
@Command(
        name = "preview",
        mixinStandardHelpOptions = true,
        description =
                "Run the first prompts of a recipe and print the results. Also the cost, and an estimate for all prompts.")
final class PreviewCommand implements Callable<Integer> {
    private static final String LOCK = "lock";

    @Mixin
    private RecipeOptions options = new RecipeOptions();

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "10",
            description = "number of prompts (default ${DEFAULT-VALUE})")
    private String rows = "10";

    @Mixin
    private WaitOption wait = new WaitOption();

    @Mixin
    private WorkOption work = new WorkOption();

    @Override
    public Integer call() throws InterruptedException, IOException {
        Recipe recipe = options.read();
        Duration patience = wait.patience();
        WorkFolder folder = new WorkFolder(work.path().resolve("preview"));
        folder.prepare();
        try (WorkFolder.Lock _ = folder.lock()) {
            empty(folder.root());
            Logging.toFile(folder);
            RunRecipe full = RunRecipe.read(recipe, System.getenv());
            long all = SourceFiles.check(
                            full.prompts(),
                            folder,
                            RunPlan.specification(full.spec()),
                            full.workers().runParameters())
                    .report()
                    .rows();
            recipe.override("prompts.limit", rows);
            recipe.overrideText("dataset", folder.resolve("dataset").toString());
            RunPlan plan = RunPlan.make(recipe, folder, Optional.of(full.dataset()));
            RunExecution.Outcome end = new RunExecution(plan, false, System.err, Terminal::columnsOfErrors)
                    .process(new ModelReadiness(patience, System.err));
            show(System.out, plan, end.runProgress(), all);
            return (end.runProgress().complete() ? ExitCode.RELEASED : ExitCode.WORK_LEFT).code();
        } catch (ModelReadiness.ModelUnavailableException | PipelineStoppedException e) {
            System.err.println(e.getMessage());
            return ExitCode.WORK_LEFT.code();
        }
    }

    private static void show(PrintStream out, RunPlan plan, RunProgress runProgress, long all) throws IOException {
        int most = Math.toIntExact(Math.min(Integer.MAX_VALUE, runProgress.slots()));
        WorkerSettings workers = plan.recipe().workers();
        RowPrinter printer = new RowPrinter(out, Terminal.columnsOfOutput());
        RowChoice<Sample> first = RowChoice.first(most, sample -> true);
        for (Sample sample : RowPreview.samples(plan.dataset(), first).rows()) {
            printer.sample(sample);
            printer.note("cost: " + cost(sample, workers));
        }
        RowPreview.Found<Rejection> rejected =
                RowPreview.rejections(plan.dataset(), RowChoice.first(most, Rejection::getTerminal));
        List<Rejection> attempts = RowPreview.attempts(plan.dataset(), rejected);
        rejected.rows().forEach(slot -> printer.rejection(slot, ShowCommand.of(slot, attempts)));
        out.println();
        ProgressTable.print(out, runProgress.toJson(), Terminal.columnsOfOutput());
        long read = plan.expectedRows();
        out.println(read + " of " + all + " prompts: " + spent(runProgress.tokens(), runProgress.usd()));
        out.println("estimate for all prompts: "
                + spent(runProgress.tokens() * all / Math.max(1, read), runProgress.usd() * all / Math.max(1, read)));
        if (runProgress.cachedTokens() > 0) {
            printCached(out, runProgress, workers);
        }
        if (runProgress.cacheHits() > 0) {
            out.println(runProgress.cacheHits()
                    + " responses came from the cache at no cost; --no-cache calls the models again");
        }
        out.println(CommandName.in("valid responses are cached: 'precept run' with the same settings reuses them"));
    }

    /** A server reads each excerpt once, so that the estimate from a few prompts is high. */
    private static void printCached(PrintStream out, RunProgress progress, WorkerSettings workers) {
        out.println(String.format(
                Locale.ROOT,
                "the server had %.0f %% of the input in its prefix cache; in a run of all prompts it has more, so the"
                        + " estimate is an upper one",
                100.0 * progress.cachedTokens() / progress.promptTokens()));
        Stream.concat(Stream.of(workers.generator()), workers.judges().judges().stream())
                .filter(model -> model.price().prompt() > 0
                        && model.price().cached() == model.price().prompt())
                .map(EndpointSettings::section)
                .forEach(role ->
                        out.println(role + ".price.cached is not set, so cached tokens are counted at the full price"));
    }

    private static String cost(Sample sample, WorkerSettings workers) {
        Usage generated = sample.getGenerator().getUsage();
        TokenUsage judged = sample.getJudge().stream()
                .map(Vote::getUsage)
                .map(UsageRecords::of)
                .reduce(TokenUsage.NONE, TokenUsage::plus);
        Price generator = workers.generator().price();
        double judging = sample.getJudge().stream()
                .mapToDouble(
                        vote -> workers.judges().judgeOf(vote.getVote()).price().cost(UsageRecords.of(vote.getUsage())))
                .sum();
        return "generator " + spent(UsageRecords.of(generated), generator) + "; judge "
                + spent(judged.total(), judging);
    }

    private static String spent(TokenUsage usage, Price price) {
        return spent(usage.total(), price.cost(usage));
    }

    private static String spent(long tokens, double usd) {
        return String.format(Locale.ROOT, "%,d tokens", tokens) + (usd > 0 ? ", " + RunProgress.dollars(usd) : "");
    }

    /** Deletes an earlier preview; its responses are cached elsewhere. */
    private static void empty(Path folder) throws IOException {
        try (Stream<Path> below = Files.walk(folder)) {
            for (Path path : below.sorted(Comparator.reverseOrder())
                    .filter(path -> !path.equals(folder) && !path.equals(folder.resolve(LOCK)))
                    .toList()) {
                Files.delete(path);
            }
        }
    }
}
