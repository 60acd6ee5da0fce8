package dev.precept.cli.run;

import dev.precept.dataset.Audit;
import dev.precept.dataset.plan.ReleaseClaim;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.dataset.removal.AbandonedRelease;
import dev.precept.prompts.InputSummary;
import dev.precept.records.Budget;
import dev.precept.records.Reason;
import dev.precept.runs.FinalProgressFile;
import dev.precept.runs.ProgressReader;
import dev.precept.runs.RunControl;
import dev.precept.runs.RunProgress;
import dev.precept.runtime.ExitCode;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Executes a run from its current position to the release. */
public final class RunExecution {
    private static final long POLL_INTERVAL_MILLIS = 250;
    /** Longer than a call that is not made needs for a lease of the budget, or to find that there is none. */
    private static final int IDLE_POLLS = 6;

    private final RunPlan plan;
    private final boolean redrive;
    private final PrintStream out;
    private final boolean terminal;
    private volatile boolean stopping;
    private int invalidLinesPrinted;

    /** @param redrive whether to reissue the tasks of stuck slots */
    public RunExecution(RunPlan plan, boolean redrive, PrintStream out, boolean terminal) {
        this.plan = plan;
        this.redrive = redrive;
        this.out = out;
        this.terminal = terminal;
    }

    /** Requests the run to drain and end with work left. */
    public void stop() {
        stopping = true;
    }

    public ExitCode execute(ModelReadiness wait) throws InterruptedException, IOException {
        ReleaseSettings release = plan.recipe().release();
        if (plan.work().read(FinalProgressFile.NAME).isPresent()
                && plan.dataset().versions().has(release.name())) {
            out.println("run " + plan.run().runId() + " is complete");
            out.print(RunProgress.table(FinalProgressFile.read(plan.work())));
            printLocations();
            return ExitCode.RELEASED;
        }
        Outcome outcome;
        try {
            outcome = process(wait);
        } catch (ModelReadiness.ModelUnavailableException | LocalPipeline.PipelineStoppedException e) {
            out.println(e.getMessage());
            return ExitCode.WORK_LEFT;
        }
        RunProgress runProgress = outcome.runProgress();
        if (!runProgress.complete() || !plan.dataset().isComplete(plan.run().runId())) {
            out.print(RunProgress.table(runProgress.toJson()));
            out.println(
                    outcome.budgetSpent()
                            ? "stopped: the budget is spent (" + spent(runProgress)
                                    + "); run the same command with a larger"
                                    + " budget to resume, as in --set budget.usd=" + largerBudget()
                            : "stopped with work left; run the same command to resume");
            return ExitCode.WORK_LEFT;
        }
        FinalProgressFile.write(plan.work(), runProgress);
        return release(runProgress, release);
    }

    /** Runs the pipeline until every slot is terminal and committed, or until the run stops. */
    public Outcome process(ModelReadiness wait)
            throws InterruptedException, ModelReadiness.ModelUnavailableException,
                    LocalPipeline.PipelineStoppedException {
        LocalPipeline localPipeline = new LocalPipeline(plan);
        Outcome outcome;
        try (localPipeline) {
            localPipeline.awaitModels(wait);
            printHeader(localPipeline);
            localPipeline.start(redrive).map(RedriveReport::lines).ifPresent(lines -> lines.forEach(out::println));
            outcome = awaitEnd(localPipeline);
            print(localPipeline.inputSummary());
        }
        localPipeline.canaries().ifPresent(out::println); // final only after close()
        return outcome;
    }

    private static String spent(RunProgress runProgress) {
        return String.format(Locale.ROOT, "%,d tokens", runProgress.tokens())
                + (runProgress.usd() > 0 ? ", " + RunProgress.dollars(runProgress.usd()) : "");
    }

    private String largerBudget() {
        Budget budget = plan.recipe().budget().budget();
        return budget == null || budget.getUsd() == null ? "N" : String.valueOf(Math.ceil(budget.getUsd() * 2));
    }

    private void printHeader(LocalPipeline localPipeline) {
        SecurityWarnings.of(plan.recipe()).forEach(out::println);
        out.println("run " + plan.run().runId() + " · " + plan.expectedRows() + " prompts · specification "
                + plan.specification().name() + " "
                + plan.specification().version().substring(0, 12));
        if (localPipeline.usesMockModel()) {
            out.println("mock model: the recipe names no model, answers follow rules; name one with --model-url");
        }
    }

    /** @param budgetSpent whether the run stopped because the budget is spent */
    public record Outcome(RunProgress runProgress, boolean budgetSpent) {}

    private Outcome awaitEnd(LocalPipeline localPipeline)
            throws InterruptedException, LocalPipeline.PipelineStoppedException {
        ProgressLine progress = new ProgressLine(
                out,
                terminal,
                plan.expectedRows(),
                plan.recipe().workers().runParameters().getSamples());
        int idlePolls = 0;
        try (ProgressReader reader =
                        new ProgressReader(localPipeline.kafka(), plan.run().runId());
                RunControl control =
                        new RunControl(localPipeline.kafka(), plan.run().runId())) {
            while (true) {
                localPipeline.requireRunning();
                RunProgress runProgress = reader.read();
                boolean done = runProgress.complete()
                        && plan.dataset().isComplete(plan.run().runId());
                RunControl.ControlSettings controlSettings = control.settings();
                boolean spent = localPipeline.isBudgetSpent();
                // Calls in flight when the budget was spent are paid: wait for their results.
                idlePolls = spent && localPipeline.callsInFlight() == 0 ? idlePolls + 1 : 0;
                boolean outOfBudget = idlePolls >= IDLE_POLLS
                        && plan.recipe().budget().onExhausted() == BudgetSettings.OnExhausted.STOP;
                if (done || stopping || outOfBudget) {
                    progress.finish(runProgress);
                    return new Outcome(runProgress, outOfBudget && !done);
                }
                progress.show(runProgress, note(localPipeline, controlSettings, spent));
                Thread.sleep(POLL_INTERVAL_MILLIS);
            }
        }
    }

    private String note(LocalPipeline localPipeline, RunControl.ControlSettings controlSettings, boolean spent) {
        if (controlSettings.cancelled()) {
            return "cancelled";
        }
        if (controlSettings.paused()) {
            return "paused; resume with 'precept resume --work " + plan.work().root() + "'";
        }
        if (spent) {
            return "out of budget; resume with 'precept resume --work "
                    + plan.work().root() + " --usd N'";
        }
        return localPipeline.readinessProblem().orElse("");
    }

    private void print(InputSummary input) {
        List<String> invalid = input.firstUnusable();
        for (; invalidLinesPrinted < invalid.size(); invalidLinesPrinted++) {
            out.println("invalid: " + invalid.get(invalidLinesPrinted));
        }
        if (input.unusable() > invalid.size()) {
            out.println("invalid: " + (input.unusable() - invalid.size()) + " more lines");
        }
        input.ignoredFields().forEach((file, fields) -> {
            if (!fields.isEmpty()) {
                out.println(file + ": ignored unknown fields: " + String.join(", ", fields));
            }
        });
    }

    private ExitCode release(RunProgress runProgress, ReleaseSettings release) throws IOException {
        out.print(RunProgress.table(runProgress.toJson()));
        if (runProgress.rejectedByReason().containsKey(Reason.CANCELLED.name())) {
            out.println("cancelled, not released; release the accepted samples with 'precept release --dataset "
                    + plan.dataset().location() + " --as " + release.name() + "'");
            return ExitCode.NOT_RELEASED;
        }
        Release.Result result = plan.dataset().versions().has(release.name())
                ? new Release.Result.Released(
                        runProgress.accepted(), plan.dataset().location(), Optional.empty())
                : makeRelease(release);
        return switch (result) {
            case Release.Result.Released made -> {
                printLocations();
                made.latestAt().ifPresent(version -> out.println(RefMessages.notMoved(version)));
                yield ExitCode.RELEASED;
            }
            case Release.Result.Refused(String why) -> {
                out.println("not released: " + why);
                yield ExitCode.NOT_RELEASED;
            }
            case Release.Result.NoRows() -> {
                out.println(
                        runProgress.isAllInvalid()
                                ? "not released: every input line was invalid"
                                : "not released: no sample was accepted; see 'precept show --dataset "
                                        + plan.dataset().location() + " --rejected'");
                yield ExitCode.NOT_RELEASED;
            }
            case Release.Result.Incomplete(List<String> runs) -> {
                out.println("not released: the dataset has open runs: " + String.join(", ", runs));
                yield ExitCode.WORK_LEFT;
            }
            case Release.Result.Abandoned(ReleaseClaim _, String why) -> {
                out.println("not released: the release was given up, because " + why + "; run again");
                yield ExitCode.WORK_LEFT;
            }
            case Release.Result.RangeStored _ -> throw new IllegalStateException("a run releases all ranges");
        };
    }

    private Release.Result makeRelease(ReleaseSettings release) throws IOException {
        CommandAudit.record(
                plan.dataset(),
                Audit.Action.RELEASE,
                Map.of("version", release.name(), "run", plan.run().runId()));
        return AbandonedRelease.cleanUpAfter(
                plan.dataset(),
                release.name(),
                () -> Release.make(plan.dataset(), release, plan.work().resolve("spool")));
    }

    private void printLocations() {
        String dataset = plan.dataset().location();
        String name = plan.recipe().release().name();
        out.println("released " + dataset + "/releases/" + name);
        out.println("  show         precept show --dataset " + dataset + "@" + name);
        out.println("  rejected     precept show --dataset " + dataset + " --rejected");
    }
}
