package dev.precept.cli.command;

import dev.precept.records.Run;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code precept cancel}. */
@Command(
        name = "cancel",
        mixinStandardHelpOptions = true,
        description = "End a run permanently. Unfinished samples become CANCELLED; accepted samples stay.")
final class CancelCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions run = new ControlOptions();

    @Override
    public Integer call() throws InterruptedException {
        return run.apply(
                "cancelled",
                control -> Run.newBuilder(control).setCancelled(true).build());
    }
}
