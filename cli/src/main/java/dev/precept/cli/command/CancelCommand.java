package dev.precept.cli.command;

import dev.precept.cli.run.CommandAudit;
import dev.precept.cli.run.RunLocation;
import dev.precept.cli.terminal.CommandName;
import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Audit;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.DatasetLocation;
import dev.precept.records.Run;
import dev.precept.runs.RunConnection;
import dev.precept.runs.RunControl;
import dev.precept.runtime.ExitCode;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code precept cancel}. */
@Command(
        name = "cancel",
        mixinStandardHelpOptions = true,
        description = {
            "End a run permanently. Unfinished samples become CANCELLED; accepted samples stay.",
            "A run whose work folder was deleted is closed in its dataset: its committed rows stay, its unfinished"
                    + " samples get no row."
        })
final class CancelCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions run = new ControlOptions();

    @Option(
            names = "--force",
            description = "close a run that no process is running in its dataset at once, also where its work folder or"
                    + " its Kafka cannot be reached from here")
    private boolean force;

    @Override
    public Integer call() throws InterruptedException, IOException {
        return switch (run.find()) {
            case ControlOptions.Found.Connected(RunConnection connection) -> cancel(connection);
            case ControlOptions.Found.Unreachable(RunLocation.Unreachable at) -> close(at);
        };
    }

    private int cancel(RunConnection connection) throws InterruptedException, IOException {
        boolean stopped = connection.isStopped();
        String dataset = connection.places().dataset();
        if (force) {
            if (dataset == null) {
                throw new ConfigurationException("--force: closes a run in its dataset; give --dataset DATASET");
            } else if (!stopped) {
                throw new ConfigurationException("--force: a process is running " + connection.where()
                        + "; leave out --force, and it ends the run");
            }
            return close(Dataset.openExisting(DatasetLocation.of(dataset)), connection.runId());
        }
        RunControl.apply(
                connection,
                control -> Run.newBuilder(control).setCancelled(true).build());
        System.out.println(CommandName.in("run " + connection.runId() + ": cancelled"
                + (stopped
                        ? "; no process is running it, so its unfinished samples are still open: "
                                + connection.restart()
                                + " and ends them"
                                + (dataset == null
                                        ? ""
                                        : ", 'precept cancel " + connection.options() + " --force' closes it at once")
                        : "")));
        return ExitCode.RELEASED.code();
    }

    private int close(RunLocation.Unreachable at) throws IOException {
        String id = at.run().runId();
        if (at.run().closed().isPresent()) {
            System.out.println("run " + id + " is closed");
            return ExitCode.RELEASED.code();
        } else if (at.dataset().isComplete(id)) {
            throw new ConfigurationException("run " + id + " is complete");
        } else if (!at.isGone() && !force) {
            throw new ConfigurationException(at.message()
                    + "; if its processes and their Kafka are gone for good, --force closes the run in the dataset");
        }
        return close(Dataset.openExisting(DatasetLocation.of(at.dataset().location())), id);
    }

    private static int close(Dataset dataset, String id) throws IOException {
        CommandAudit.record(dataset, Audit.Action.CLOSE, Map.of("run", id));
        dataset.close(id);
        System.out.println("run " + id + ": closed; its committed rows stay, its unfinished samples get no row");
        return ExitCode.RELEASED.code();
    }
}
