package dev.precept.cli.run;

import dev.precept.dataset.Audit;
import dev.precept.dataset.release.Release;
import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.prompts.InputSummary;
import dev.precept.records.Budget;
import dev.precept.records.Reason;
import dev.precept.runs.FinalProgressFile;
import dev.precept.runs.ProgressReader;
import dev.precept.runs.RunControl;
import dev.precept.runs.RunProgress;
import dev.precept.runtime.ExitCode;
import dev.precept.streams.maintenance.Redrive;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One run from wherever it is to its release. */
public final class RunExecution {
    private static final long BETWEEN_LOOKS_MILLIS = 250;
    /** Longer than workers take to learn of each other's spending. */
    private static final int DRY_LOOKS = 6;

    private final RunPlan plan;
    private final boolean redrive;
    private final PrintStream out;
    private final boolean terminal;
    private volatile boolean stopping;
    private int badLinesTold;

    /** @param redrive whether the tasks of open slots are issued once more */
    public RunExecution(RunPlan plan, boolean redrive, PrintStream out, boolean terminal) {
        this.plan = plan;
        this.redrive = redrive;
        this.out = out;
        this.terminal = terminal;
    }

    /** Asks the run to drain and to end with what is left. */
    public void stop() {
        stopping = true;
    }

    public ExitCode execute(ModelReadiness wait) throws InterruptedException, IOException {
        ReleaseSettings release = plan.recipe().release();
        if (plan.work().read(FinalProgressFile.NAME).isPresent()
                && plan.dataset().versions().has(release.name())) {
            out.println("run " + plan.run().runId() + " is finished");
            out.print(RunProgress.table(FinalProgressFile.read(plan.work())));
            printLocations();
            return ExitCode.RELEASED;
        }
        Outcome end;
        try {
            end = process(wait);
        } catch (ModelReadiness.ModelUnavailableException | LocalPipeline.PipelineStoppedException e) {
            out.println(e.getMessage());
            return ExitCode.WORK_LEFT;
        }
        RunProgress runProgress = end.runProgress();
        if (!runProgress.complete() || !plan.dataset().isComplete(plan.run().runId())) {
            out.print(RunProgress.table(runProgress.toJson()));
            out.println(
                    end.budgetSpent()
                            ? "stopped: the budget is spent (" + spent(runProgress) + "); with a larger one, as in"
                                    + " --set budget.usd=" + larger() + ", the same command goes on from here"
                            : "stopped with work left; the same command goes on from here");
            return ExitCode.WORK_LEFT;
        }
        FinalProgressFile.write(plan.work(), runProgress);
        return release(runProgress, release);
    }

    /** Works until every slot is decided, or until it has to end before. */
    public Outcome process(ModelReadiness wait)
            throws InterruptedException, ModelReadiness.ModelUnavailableException,
                    LocalPipeline.PipelineStoppedException {
        LocalPipeline localPipeline = new LocalPipeline(plan);
        Outcome end;
        try (localPipeline) {
            localPipeline.awaitModels(wait);
            printHeader(localPipeline);
            localPipeline.start(redrive).ifPresent(this::print);
            end = follow(localPipeline);
            print(localPipeline.inputSummary());
        }
        localPipeline.canaries().ifPresent(out::println); // those in flight were decided, or cut, by the close
        return end;
    }

    private static String spent(RunProgress runProgress) {
        return String.format("%,d tokens", runProgress.tokens())
                + (runProgress.usd() > 0 ? ", " + RunProgress.dollars(runProgress.usd()) : "");
    }

    private String larger() {
        Budget budget = plan.recipe().budget().budget();
        return budget == null || budget.getUsd() == null ? "N" : String.valueOf(Math.ceil(budget.getUsd() * 2));
    }

    private void printHeader(LocalPipeline localPipeline) {
        out.println("run " + plan.run().runId() + " · " + plan.expectedRows() + " prompts · specification "
                + plan.specification().name() + " "
                + plan.specification().version().substring(0, 12));
        if (localPipeline.usesMockModel()) {
            out.println("mock model: no model is named, a stand-in answers by rule; name one with --model-url");
        }
    }

    /**
     * Where following came to an end.
     *
     * @param budgetSpent whether the budget is what ended it
     */
    public record Outcome(RunProgress runProgress, boolean budgetSpent) {}

    private Outcome follow(LocalPipeline localPipeline)
            throws InterruptedException, LocalPipeline.PipelineStoppedException {
        ProgressLine progress = new ProgressLine(
                out,
                terminal,
                plan.expectedRows(),
                plan.recipe().workers().runParameters().getSamples());
        int dry = 0;
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
                boolean spent = runProgress.exhausts(controlSettings.budget());
                // What was in flight when the budget ran out is waited for: it is paid.
                dry = spent && localPipeline.callsInFlight() == 0 ? dry + 1 : 0;
                boolean stopDry =
                        dry >= DRY_LOOKS && plan.recipe().budget().onExhausted() == BudgetSettings.OnExhausted.STOP;
                if (done || stopping || stopDry) {
                    progress.finish(runProgress);
                    return new Outcome(runProgress, stopDry && !done);
                }
                progress.show(runProgress, note(localPipeline, controlSettings, spent));
                Thread.sleep(BETWEEN_LOOKS_MILLIS);
            }
        }
    }

    private String note(LocalPipeline localPipeline, RunControl.ControlSettings controlSettings, boolean spent) {
        if (controlSettings.cancelled()) {
            return "cancelled";
        }
        if (controlSettings.paused()) {
            return "paused; 'precept resume --work " + plan.work().root() + "' goes on";
        }
        if (spent) {
            return "the budget is spent; 'precept resume --work " + plan.work().root() + " --usd N' goes on";
        }
        return localPipeline.readinessProblem().orElse("");
    }

    private void print(Redrive redrive) {
        out.println("redrive: the tasks of " + redrive.reissued() + " open slots were issued once more");
        if (redrive.lost() > 0) {
            out.println("redrive: " + redrive.lost() + " open slots have their task in no topic any more; the log in "
                    + plan.work().root() + " names them");
        }
    }

    private void print(InputSummary input) {
        List<String> bad = input.firstUnusable();
        for (; badLinesTold < bad.size(); badLinesTold++) {
            out.println("unusable: " + bad.get(badLinesTold));
        }
        if (input.unusable() > bad.size()) {
            out.println("unusable: " + (input.unusable() - bad.size()) + " more lines");
        }
        input.ignoredFields().forEach((file, fields) -> {
            if (!fields.isEmpty()) {
                out.println(file + ": fields nobody knows are ignored: " + String.join(", ", fields));
            }
        });
    }

    private ExitCode release(RunProgress runProgress, ReleaseSettings release) throws IOException {
        out.print(RunProgress.table(runProgress.toJson()));
        if (runProgress.rejectedByReason().containsKey(Reason.CANCELLED.name())) {
            out.println("cancelled, not released; 'precept release --dataset "
                    + plan.dataset().location() + " --as " + release.name() + "' releases what was accepted");
            return ExitCode.NOT_RELEASED;
        }
        Release.Result outcome = plan.dataset().versions().has(release.name())
                ? new Release.Result.Released(
                        runProgress.accepted(), plan.dataset().location(), Optional.empty())
                : makeRelease(release);
        return switch (outcome) {
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
                                ? "not released: every line of the input was unusable"
                                : "not released: no sample was accepted; see 'precept show --dataset "
                                        + plan.dataset().location() + " --rejected'");
                yield ExitCode.NOT_RELEASED;
            }
            case Release.Result.Incomplete(List<String> runs) -> {
                out.println("not released: the dataset has open runs: " + String.join(", ", runs));
                yield ExitCode.WORK_LEFT;
            }
        };
    }

    private Release.Result makeRelease(ReleaseSettings release) throws IOException {
        CommandAudit.record(
                plan.dataset(),
                Audit.Action.RELEASE,
                Map.of("version", release.name(), "run", plan.run().runId()));
        return Release.make(plan.dataset(), release, plan.work().resolve("spool"));
    }

    private void printLocations() {
        String dataset = plan.dataset().location();
        String name = plan.recipe().release().name();
        out.println("released " + dataset + "/releases/" + name);
        out.println("  look at it   precept show --dataset " + dataset + "@" + name);
        out.println("  rejected     precept show --dataset " + dataset + " --rejected");
    }
}
