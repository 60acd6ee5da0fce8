package dev.precept.cli.command;

import dev.precept.records.Run;
import dev.precept.runs.ControlChange;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code precept cancel}. */
@Command(
        name = "cancel",
        mixinStandardHelpOptions = true,
        description = "Ends a run for good: what is open is rejected as CANCELLED, what was accepted stays.")
final class CancelCommand implements Callable<Integer> {
    @Mixin
    private WorkOption work = new WorkOption();

    @Override
    public Integer call() throws InterruptedException {
        return ControlChange.apply(
                work.path(),
                "cancelled",
                run -> Run.newBuilder(run).setCancelled(true).build());
    }
}
