package dev.precept.cli.command;

import dev.precept.records.Run;
import dev.precept.runs.ControlChange;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code precept pause}. */
@Command(
        name = "pause",
        mixinStandardHelpOptions = true,
        description = "Stops making calls until 'precept resume'; what is in flight comes in.")
final class PauseCommand implements Callable<Integer> {
    @Mixin
    private WorkOption work = new WorkOption();

    @Override
    public Integer call() throws InterruptedException {
        return ControlChange.apply(
                work.path(),
                "paused",
                run -> Run.newBuilder(run).setPaused(true).build());
    }
}
