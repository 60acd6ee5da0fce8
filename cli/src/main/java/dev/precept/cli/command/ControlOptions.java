package dev.precept.cli.command;

import dev.precept.cli.run.RunLocation;
import dev.precept.cli.terminal.CommandName;
import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.DatasetLocation;
import dev.precept.records.Run;
import dev.precept.runs.DeployedRun;
import dev.precept.runs.RunConnection;
import dev.precept.runs.RunControl;
import dev.precept.runs.WorkFolderRun;
import dev.precept.runtime.DeploymentSettings;
import dev.precept.runtime.ExitCode;
import dev.precept.runtime.WorkFolder;
import dev.precept.store.location.StoreLocation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The run that a command controls: that of a work folder, a run of a dataset wherever its work folder is, or, from any
 * machine, that of a recipe with its own Kafka. The only class that resolves them.
 */
final class ControlOptions {
    private static final Path DEFAULT_WORK = Path.of("work");
    private static final Path DEFAULT_DATASET = Path.of("dataset");

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description = "work folder of the run (default ./work, or the run of ./dataset)")
    private @Nullable Path work;

    @Option(
            names = "--dataset",
            paramLabel = "DATASET",
            description = "dataset of the run, which records where its work folder is")
    private @Nullable String dataset;

    @Option(
            names = "--recipe",
            paramLabel = "FILE",
            description = "recipe of the run: its Kafka if it names one, needing no work folder, else its dataset")
    private @Nullable Path recipe;

    @Option(names = "--run", paramLabel = "NAME", description = "name of the run (default: the only open one)")
    private @Nullable String name;

    /** Where a run is that was found. */
    sealed interface Found {
        /** It can be controlled. */
        record Connected(RunConnection run) implements Found {}

        /** Only its dataset can be read. */
        record Unreachable(RunLocation.Unreachable location) implements Found {}
    }

    /** @throws ConfigurationException if there is no such run */
    Found find() throws InterruptedException {
        if (Stream.of(work, dataset, recipe).filter(given -> given != null).count() > 1) {
            throw new ConfigurationException("--work, --dataset and --recipe: give one of them");
        }
        if (recipe != null) {
            return find(recipe);
        } else if (dataset != null) {
            return find(DatasetLocation.of(dataset), Optional.ofNullable(name));
        }
        Path folder = work == null ? DEFAULT_WORK : work;
        if (work == null
                && !Files.exists(new WorkFolder(folder).resolve("run.json"))
                && Files.exists(DEFAULT_DATASET)) {
            return find(new StoreLocation.Folder(DEFAULT_DATASET), Optional.ofNullable(name));
        }
        WorkFolderRun run = WorkFolderRun.open(folder);
        if (name != null && !name.equals(run.runId())) {
            throw new ConfigurationException(run.where() + ", not " + name
                    + "; give the dataset of that run with --dataset DATASET, or its recipe with --recipe FILE");
        }
        return new Found.Connected(run);
    }

    private Found find(Path file) throws InterruptedException {
        Recipe source = DeployedRecipe.read(file, System.getenv());
        DeploymentSettings settings = DeploymentSettings.read(source);
        Optional<String> run = Optional.ofNullable(name).or(settings::run);
        if (settings.kafka().isEmpty()) {
            StoreLocation location = DatasetLocation.read(source);
            source.throwProblems();
            return find(location, run);
        }
        settings.requireKafka(source);
        source.throwProblems();
        return new Found.Connected(
                DeployedRun.find(settings.access(RunConnection.withTimeouts(settings.kafka())), run));
    }

    private static Found find(StoreLocation location, Optional<String> run) {
        return switch (RunLocation.find(Dataset.openReadOnly(location), run)) {
            case RunLocation.InFolder(WorkFolderRun here) -> new Found.Connected(here);
            case RunLocation.Unreachable unreachable -> new Found.Unreachable(unreachable);
        };
    }

    /** @throws ConfigurationException if there is no such run, or it can be reached from another place only */
    RunConnection connect() throws InterruptedException {
        return switch (find()) {
            case Found.Connected(RunConnection run) -> run;
            case Found.Unreachable(RunLocation.Unreachable at) -> throw new ConfigurationException(at.message());
        };
    }

    /** @param change in one word, such as paused */
    int apply(String change, UnaryOperator<Run> edit) throws InterruptedException {
        return apply(connect(), change, edit);
    }

    static int apply(RunConnection run, String change, UnaryOperator<Run> edit) throws InterruptedException {
        boolean stopped = run.isStopped();
        RunControl.apply(run, edit);
        System.out.println(CommandName.in("run " + run.runId() + ": " + change
                + (stopped ? "; no process is running it, " + run.restart() : "")));
        return ExitCode.RELEASED.code();
    }
}
