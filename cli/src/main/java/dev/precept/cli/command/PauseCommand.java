package dev.precept.cli.command;

import dev.precept.records.Run;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code precept pause}. */
@Command(
        name = "pause",
        mixinStandardHelpOptions = true,
        description = "Stop sending model calls until 'precept resume'. Calls already sent are finished and kept.")
final class PauseCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions run = new ControlOptions();

    @Override
    public Integer call() throws InterruptedException {
        return run.apply(
                "paused", control -> Run.newBuilder(control).setPaused(true).build());
    }
}
