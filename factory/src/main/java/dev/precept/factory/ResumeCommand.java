package dev.precept.factory;

import dev.precept.records.Budget;
import dev.precept.records.Run;
import dev.precept.runtime.config.ConfigurationException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code precept resume}. */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        description = "Lets a paused run go on, or one whose budget is spent with a larger one.")
final class ResumeCommand implements Callable<Integer> {
    @Option(
            names = "--work",
            paramLabel = "DIR",
            defaultValue = "./work",
            description = "the folder of the run (default ${DEFAULT-VALUE})")
    private Path work = Path.of("work");

    @Option(names = "--usd", paramLabel = "N", description = "what may be spent on the run altogether, in US dollars")
    private @Nullable Double usd;

    @Option(names = "--tokens", paramLabel = "N", description = "tokens that may be spent on the run altogether")
    private @Nullable Long tokens;

    @Override
    public Integer call() throws InterruptedException {
        if ((usd != null && !(usd > 0)) || (tokens != null && tokens <= 0)) {
            throw new ConfigurationException("--usd and --tokens: give a number above 0");
        }
        return Asked.of(work, "going on", this::changed);
    }

    private Run changed(Run run) {
        Run.Builder changed = Run.newBuilder(run).setPaused(false);
        if (usd != null || tokens != null) {
            Budget before = run.getBudget() == null ? new Budget() : run.getBudget();
            changed.setBudget(Budget.newBuilder(before)
                    .setUsd(usd == null ? before.getUsd() : usd)
                    .setTokens(tokens == null ? before.getTokens() : tokens)
                    .build());
        }
        return changed.build();
    }
}
