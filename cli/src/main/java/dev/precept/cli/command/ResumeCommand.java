package dev.precept.cli.command;

import dev.precept.config.ConfigurationException;
import dev.precept.records.Budget;
import dev.precept.records.Run;
import dev.precept.runs.RunConnection;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code precept resume}. */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        description = "Resume a paused run, or raise the budget of a run that has spent it.")
final class ResumeCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions run = new ControlOptions();

    @Option(names = "--usd", paramLabel = "N", description = "new total budget of the run in US dollars")
    private @Nullable Double usd;

    @Option(names = "--tokens", paramLabel = "N", description = "new total budget of the run in tokens")
    private @Nullable Long tokens;

    @Override
    public Integer call() throws InterruptedException {
        if ((usd != null && !(usd > 0)) || (tokens != null && tokens <= 0)) {
            throw new ConfigurationException("--usd and --tokens: give a number above 0");
        }
        RunConnection connection = run.connect();
        int code = ControlOptions.apply(connection, "resumed", this::resume);
        if ((usd != null || tokens != null) && connection.isStopped()) {
            System.out.println("note: 'precept run' starts with the budget of its recipe; raise that too, as in"
                    + " --set budget." + (usd == null ? "tokens" : "usd") + "=N");
        }
        return code;
    }

    private Run resume(Run control) {
        Run.Builder resumed = Run.newBuilder(control).setPaused(false);
        if (usd != null || tokens != null) {
            Budget before = control.getBudget() == null ? new Budget() : control.getBudget();
            resumed.setBudget(Budget.newBuilder(before)
                    .setUsd(usd == null ? before.getUsd() : usd)
                    .setTokens(tokens == null ? before.getTokens() : tokens)
                    .build());
        }
        return resumed.build();
    }
}
