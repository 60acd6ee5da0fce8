package dev.precept.cli.command;

import dev.precept.config.ConfigurationException;
import dev.precept.records.Budget;
import dev.precept.records.Run;
import dev.precept.runs.ControlChange;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code precept resume}. */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        description = "Lets a paused run go on, or one whose budget is spent with a larger one.")
final class ResumeCommand implements Callable<Integer> {
    @Mixin
    private WorkOption work = new WorkOption();

    @Option(names = "--usd", paramLabel = "N", description = "what may be spent on the run altogether, in US dollars")
    private @Nullable Double usd;

    @Option(names = "--tokens", paramLabel = "N", description = "tokens that may be spent on the run altogether")
    private @Nullable Long tokens;

    @Override
    public Integer call() throws InterruptedException {
        if ((usd != null && !(usd > 0)) || (tokens != null && tokens <= 0)) {
            throw new ConfigurationException("--usd and --tokens: give a number above 0");
        }
        int code = ControlChange.apply(work.path(), "going on", this::changed);
        if ((usd != null || tokens != null) && !work.folder().isInUse()) {
            System.out.println(
                    "mind: 'precept run' begins with the budget of its recipe; give it the larger one as well,"
                            + " as in --set budget.usd=N");
        }
        return code;
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
