package dev.precept.cli.command;

import dev.precept.cli.run.LocalPipeline;
import dev.precept.cli.run.Logging;
import dev.precept.cli.run.ModelReadiness;
import dev.precept.cli.run.RunExecution;
import dev.precept.cli.run.RunPlan;
import dev.precept.cli.run.RunRecipe;
import dev.precept.config.Recipe;
import dev.precept.dataset.read.RowPreview;
import dev.precept.model.TokenUsage;
import dev.precept.model.pricing.Price;
import dev.precept.prompts.PromptSource;
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
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code precept preview}: the first rows of a recipe, end to end, in a work folder and dataset of their own; only the
 * answers are kept where the run will find them again.
 */
@Command(
        name = "preview",
        mixinStandardHelpOptions = true,
        description = "Makes a few samples of a recipe and shows them, with what they cost and what all rows would.")
final class PreviewCommand implements Callable<Integer> {
    private static final String LOCK = "lock";

    @Mixin
    private RecipeOptions options = new RecipeOptions();

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "10",
            description = "how many prompts, the first ones (default ${DEFAULT-VALUE})")
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
            RunRecipe whole = RunRecipe.read(recipe, System.getenv());
            long all = SourceFiles.check(whole.prompts(), folder).stream()
                    .mapToLong(PromptSource::selectedRows)
                    .sum();
            recipe.override("prompts.limit", rows);
            recipe.overrideText("dataset", folder.resolve("dataset").toString());
            RunPlan plan = RunPlan.make(recipe, folder, Optional.of(whole.dataset()));
            RunExecution.Outcome end =
                    new RunExecution(plan, false, System.err, false).process(new ModelReadiness(patience, System.err));
            show(System.out, plan, end.runProgress(), all);
            return (end.runProgress().complete() ? ExitCode.RELEASED : ExitCode.WORK_LEFT).code();
        } catch (ModelReadiness.ModelUnavailableException | LocalPipeline.PipelineStoppedException e) {
            System.err.println(e.getMessage());
            return ExitCode.WORK_LEFT.code();
        }
    }

    private static void show(PrintStream out, RunPlan plan, RunProgress runProgress, long all) throws IOException {
        int most = Math.toIntExact(Math.min(Integer.MAX_VALUE, runProgress.slots()));
        WorkerSettings workers = plan.recipe().workers();
        List<Sample> samples = RowPreview.samples(plan.dataset(), most);
        for (Sample sample : samples) {
            ShowCommand.show(out, sample);
            out.println("  cost: " + cost(sample, workers));
        }
        List<Rejection> rejections = RowPreview.rejections(plan.dataset(), most);
        rejections.stream().filter(Rejection::getTerminal).forEach(rejection -> ShowCommand.show(out, rejection));
        out.println();
        out.print(RunProgress.table(runProgress.toJson()));
        long read = plan.expectedRows();
        out.println(read + " of " + all + " prompts: " + spent(runProgress.tokens(), runProgress.usd()));
        out.println("all of them, at this rate: about "
                + spent(runProgress.tokens() * all / Math.max(1, read), runProgress.usd() * all / Math.max(1, read)));
        if (runProgress.cacheHits() > 0) {
            out.println(runProgress.cacheHits()
                    + " answers were remembered and cost nothing now; --no-cache asks them anew");
        }
        out.println("valid answers are kept: 'precept run' with the same settings does not ask for them again");
    }

    private static String cost(Sample sample, WorkerSettings workers) {
        Usage generated = sample.getGenerator().getUsage();
        TokenUsage judged = sample.getJudge().stream()
                .map(Vote::getUsage)
                .map(PreviewCommand::tokens)
                .reduce(TokenUsage.NONE, TokenUsage::plus);
        Price generator = workers.generator().price();
        Price judge = workers.judge().price();
        return "generator " + spent(tokens(generated), generator) + "; judge " + spent(judged, judge);
    }

    private static TokenUsage tokens(Usage usage) {
        return new TokenUsage(usage.getPromptTokens(), usage.getCompletionTokens(), usage.getReasoningTokens());
    }

    private static String spent(TokenUsage usage, Price price) {
        return spent(usage.prompt() + usage.completion(), price.cost(usage));
    }

    private static String spent(long tokens, double usd) {
        return String.format("%,d tokens", tokens) + (usd > 0 ? ", " + RunProgress.dollars(usd) : "");
    }

    /** An earlier preview is nobody's: its answers are kept elsewhere. */
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
