package dev.precept.cli.command;

import dev.precept.cli.admin.RunRecovery;
import dev.precept.cli.run.Logging;
import dev.precept.cli.run.ProgressTable;
import dev.precept.cli.run.RunPlan;
import dev.precept.cli.run.RunRecipe;
import dev.precept.cli.terminal.CommandName;
import dev.precept.cli.terminal.Terminal;
import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.dataset.Dataset;
import dev.precept.runs.RunProgress;
import dev.precept.runtime.ExitCode;
import dev.precept.runtime.RunFile;
import dev.precept.runtime.WorkFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code precept recover}. */
@Command(
        name = "recover",
        mixinStandardHelpOptions = true,
        description =
                "Rebuild a run's state from its dataset after its Kafka data was lost. Use the run's recipe and flags.")
final class RecoverCommand implements Callable<Integer> {
    @Mixin
    private RecipeOptions options = new RecipeOptions();

    @Mixin
    private WorkOption work = new WorkOption();

    @Override
    public Integer call() throws InterruptedException, IOException {
        Recipe recipe = options.read();
        RunRecipe settings = RunRecipe.read(recipe, System.getenv());
        Dataset dataset = Dataset.openExisting(settings.dataset()); // RunPlan would create a missing dataset
        WorkFolder folder = new WorkFolder(work.path());
        boolean isNamed =
                settings.deploymentSettings().run().flatMap(dataset::run).isPresent(); // complete, but not in its Kafka
        if (!Files.isDirectory(folder.root()) && !isNamed && dataset.openRuns().isEmpty()) {
            throw new ConfigurationException("dataset " + dataset.location()
                    + ": no run is open; nothing to recover, start one with 'precept run'");
        }
        folder.prepare();
        try (WorkFolder.Lock _ = folder.lock()) {
            Logging.toFile(folder);
            RunFile.deleteBrokerAddress(folder);
            RunPlan plan = RunPlan.makeExisting(recipe, folder);
            print(System.out, plan, new RunRecovery(plan).rebuildFromChains());
            plan.rebuilt();
            System.out.println(CommandName.in("now run 'precept run' with the same options"));
            return ExitCode.RELEASED.code();
        }
    }

    static void print(PrintStream out, RunPlan plan, RunRecovery.Result result) {
        RunProgress runProgress = result.runProgress();
        out.println("run " + plan.run().runId() + ": rebuilt from the commits of "
                + plan.dataset().location());
        ProgressTable.print(out, runProgress.toJson(), Terminal.columnsOfOutput());
        out.println(
                "open slots continue after their last committed attempt; prompts without a committed row start again");
        if (result.lostAttempts() > 0) {
            out.println(result.lostAttempts()
                    + " failed attempts of accepted slots had not been committed and are lost; the"
                    + " samples are not");
        }
        out.println("spend covers committed rows only; a pause or cancellation is lost, give it again");
    }
}
