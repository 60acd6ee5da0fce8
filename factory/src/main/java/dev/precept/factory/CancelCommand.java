package dev.precept.factory;

import dev.precept.records.Run;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code precept cancel}. */
@Command(
        name = "cancel",
        mixinStandardHelpOptions = true,
        description = "Ends a run for good: what is open is rejected as CANCELLED, what was accepted stays.")
final class CancelCommand implements Callable<Integer> {
    @Option(
            names = "--work",
            paramLabel = "DIR",
            defaultValue = "./work",
            description = "the folder of the run (default ${DEFAULT-VALUE})")
    private Path work = Path.of("work");

    @Override
    public Integer call() throws InterruptedException {
        return Asked.of(
                work, "cancelled", run -> Run.newBuilder(run).setCancelled(true).build());
    }
}
