package dev.precept.cli.command;

import dev.precept.config.ConfigurationException;
import dev.precept.records.Budget;
import dev.precept.records.Run;
import dev.precept.runs.ProgressReader;
import dev.precept.runs.RunConnection;
import dev.precept.runs.RunProgress;
import java.util.Locale;
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
        if ((usd != null || tokens != null) && connection.finalProgress().isEmpty()) {
            requireMoreThan(connection.withKafka(kafka -> {
                try (ProgressReader reader = new ProgressReader(kafka, connection.runId())) {
                    return reader.read();
                }
            }));
        }
        int code = ControlOptions.apply(connection, "resumed", this::resume);
        if ((usd != null || tokens != null) && connection.isStopped()) {
            System.out.println("note: 'precept run' starts with the budget of its recipe; raise that too, as in"
                    + " --set budget." + (usd == null ? "tokens" : "usd") + "=N");
        }
        return code;
    }

    /** A budget that is spent would stop the run at its next call, without a word. */
    private void requireMoreThan(RunProgress spent) {
        if (tokens != null && tokens <= spent.tokens()) {
            throw new ConfigurationException(String.format(
                    Locale.ROOT,
                    "--tokens %d: the run has spent %,d tokens, so no call would be made; give a larger total",
                    tokens,
                    spent.tokens()));
        }
        if (usd != null && usd <= spent.usd()) {
            throw new ConfigurationException("--usd " + usd + ": the run has spent " + RunProgress.dollars(spent.usd())
                    + ", so no call would be made; give a larger total");
        }
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
