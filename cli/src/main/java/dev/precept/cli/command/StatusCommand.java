package dev.precept.cli.command;

import dev.precept.cli.run.ProgressTable;
import dev.precept.cli.run.RunLocation;
import dev.precept.cli.run.RunSummary;
import dev.precept.cli.terminal.CommandName;
import dev.precept.cli.terminal.Terminal;
import dev.precept.runs.RunConnection;
import dev.precept.runs.RunStatus;
import dev.precept.runtime.ExitCode;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code precept status}. Works whether a process is running the run or not. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Show the state, activity, counts and cost of a run.")
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions run = new ControlOptions();

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    public Integer call() throws InterruptedException, IOException {
        RunStatus status = switch (run.find()) {
            case ControlOptions.Found.Connected(RunConnection connection) -> RunStatus.read(connection);
            case ControlOptions.Found.Unreachable(RunLocation.Unreachable at) -> RunSummary.status(at);
        };
        if (output.isJson()) {
            OutputOption.print(status.toJson());
        } else {
            System.out.print(CommandName.in(status.text()));
            ProgressTable.print(System.out, status.toJson(), Terminal.columnsOfOutput());
        }
        return ExitCode.RELEASED.code();
    }
}
