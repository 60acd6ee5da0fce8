package dev.precept.cli.command;

import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.records.Run;
import dev.precept.runs.DeployedRun;
import dev.precept.runs.RunConnection;
import dev.precept.runs.RunControl;
import dev.precept.runs.WorkFolderRun;
import dev.precept.runtime.DeploymentSettings;
import dev.precept.runtime.ExitCode;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The run that a command controls: that of a work folder, or, from any machine, that of a recipe with its own Kafka. */
final class ControlOptions {
    @Option(names = "--work", paramLabel = "DIR", description = "work folder of the run (default ./work)")
    private @Nullable Path work;

    @Option(
            names = "--recipe",
            paramLabel = "FILE",
            description = "recipe of a run whose roles run alone; needs its Kafka and no work folder")
    private @Nullable Path recipe;

    @Option(
            names = "--run",
            paramLabel = "NAME",
            description = "with --recipe: the run (default: the recipe's, or the only open one)")
    private @Nullable String name;

    RunConnection connect() throws InterruptedException {
        if (recipe == null) {
            if (name != null) {
                throw new ConfigurationException("--run " + name + ": give --recipe FILE with it");
            }
            return WorkFolderRun.open(work == null ? Path.of("work") : work);
        }
        if (work != null) {
            throw new ConfigurationException("--work and --recipe: give one of them");
        }
        Recipe source = DeployedRecipe.read(recipe, System.getenv());
        DeploymentSettings settings = DeploymentSettings.read(source);
        settings.requireKafka(source);
        source.throwProblems();
        return DeployedRun.find(
                settings.access(RunConnection.withTimeouts(settings.kafka())),
                Optional.ofNullable(name).or(settings::run));
    }

    /** @param change in one word, such as paused */
    int apply(String change, UnaryOperator<Run> edit) throws InterruptedException {
        return apply(connect(), change, edit);
    }

    static int apply(RunConnection run, String change, UnaryOperator<Run> edit) throws InterruptedException {
        RunControl.apply(run, edit);
        System.out.println("run " + run.runId() + ": " + change
                + (run.isStopped() ? "; no process is running it, start one with 'precept run'" : ""));
        return ExitCode.RELEASED.code();
    }
}
