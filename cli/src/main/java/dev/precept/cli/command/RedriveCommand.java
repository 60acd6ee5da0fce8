package dev.precept.cli.command;

import dev.precept.cli.run.RedriveReport;
import dev.precept.config.ConfigurationException;
import dev.precept.runs.RunConnection;
import dev.precept.streams.maintenance.Redrive;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code precept redrive}. */
@Command(
        name = "redrive",
        mixinStandardHelpOptions = true,
        description =
                "Send the tasks of unfinished samples again, when a message was lost. Roles may run meanwhile; uses no attempt.")
final class RedriveCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions run = new ControlOptions();

    @Override
    public Integer call() throws InterruptedException {
        RunConnection connection = run.connect();
        if (connection.finalProgress().isPresent()) {
            throw new ConfigurationException(connection.where() + " is complete");
        }
        Redrive redrive =
                connection.withKafka(kafka -> Redrive.reissueTasks(kafka, connection.runId(), RedriveReport.PATIENCE));
        RedriveReport.lines(redrive).forEach(System.out::println);
        return RedriveReport.exitCode(redrive).code();
    }
}
