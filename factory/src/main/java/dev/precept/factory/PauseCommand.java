package dev.precept.factory;

import dev.precept.records.Run;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code precept pause}. */
@Command(
        name = "pause",
        mixinStandardHelpOptions = true,
        description = "Stops making calls until 'precept resume'; what is in flight comes in.")
final class PauseCommand implements Callable<Integer> {
    @Option(
            names = "--work",
            paramLabel = "DIR",
            defaultValue = "./work",
            description = "the folder of the run (default ${DEFAULT-VALUE})")
    private Path work = Path.of("work");

    @Override
    public Integer call() throws InterruptedException {
        return Asked.of(
                work, "paused", run -> Run.newBuilder(run).setPaused(true).build());
    }
}
