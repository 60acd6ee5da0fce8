package dev.precept.cli.command;

import dev.precept.cli.admin.RunRecovery;
import dev.precept.cli.run.Logging;
import dev.precept.cli.run.RunPlan;
import dev.precept.cli.run.RunRecipe;
import dev.precept.config.Recipe;
import dev.precept.dataset.Dataset;
import dev.precept.runs.RunConnection;
import dev.precept.runs.RunProgress;
import dev.precept.runtime.ExitCode;
import dev.precept.runtime.RunFile;
import dev.precept.runtime.WorkFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code precept recover}: a run whose Kafka was lost, made ready to go on. */
@Command(
        name = "recover",
        mixinStandardHelpOptions = true,
        description =
                "Rebuilds the ledger of a run whose Kafka was lost from its dataset. Give the options of the run.")
final class RecoverCommand implements Callable<Integer> {
    @Mixin
    private RecipeOptions options = new RecipeOptions();

    @Mixin
    private WorkOption work = new WorkOption();

    @Override
    public Integer call() throws InterruptedException, IOException {
        Recipe asked = options.read();
        RunRecipe read = RunRecipe.read(asked, System.getenv());
        // Without a name only the work folder knows which run it was.
        WorkFolder folder = read.deploymentSettings().run().isPresent()
                ? new WorkFolder(work.path())
                : RunConnection.open(work.path()).folder();
        folder.prepare();
        try (WorkFolder.Lock _ = folder.lock()) {
            Logging.toFile(folder);
            RunFile.deleteBrokerAddress(folder);
            Dataset.openExisting(read.dataset()); // a plan would make one
            RunPlan plan = RunPlan.makeWithoutRelease(asked, folder);
            tell(System.out, plan, new RunRecovery(plan).rebuildFromChains());
            return ExitCode.RELEASED.code();
        }
    }

    private static void tell(PrintStream out, RunPlan plan, RunRecovery.Result result) {
        RunProgress runProgress = result.runProgress();
        out.println("run " + plan.run().runId() + ": its ledger is rebuilt from the rows that are committed in "
                + plan.dataset().location());
        out.print(RunProgress.table(runProgress.toJson()));
        out.println(
                "what is in flight goes on after the attempts that are committed; prompts without a row begin again");
        if (result.lostAttempts() > 0) {
            out.println(
                    result.lostAttempts() + " failed attempts at slots that were kept later had not been committed; "
                            + "their rows are lost, the samples are not");
        }
        out.println(
                "calls, tokens and dollars are those of committed rows; what else was spent before the loss is not in "
                        + "the books, and 'pause' or 'cancel' has to be given again");
        out.println("now give 'precept run' with the same options");
    }
}
