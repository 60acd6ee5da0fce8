package dev.precept.cli.run;

import dev.precept.dataset.release.ReleaseSettings;
import dev.precept.records.Budget;
import dev.precept.runs.FinalProgressFile;
import dev.precept.runs.ProgressReader;
import dev.precept.runs.RunControl;
import dev.precept.runs.RunProgress;
import dev.precept.runtime.ExitCode;
import dev.precept.runtime.metrics.MetricsSettings;
import dev.precept.spec.SpecLint;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Executes a run from its current position to the release. */
public final class RunExecution {
    private static final long POLL_INTERVAL_MILLIS = 250;
    /** Longer than a call that is not made needs for a lease of the budget, or to find that there is none. */
    private static final int IDLE_POLLS = 6;
    /** Of a stopped run: the longest wait for the results of its last calls, and unchanged progress that ends it. */
    private static final int SETTLE_POLLS = 20;

    private static final int SETTLED_POLLS = 4;
    /** Findings of the specification that are printed before a run; more are counted. */
    private static final int MAX_FINDINGS = 3;

    private final RunPlan plan;
    private final boolean redrive;
    private final PrintStream out;
    private final Supplier<OptionalInt> terminal;
    private final StopRequest stop = new StopRequest();

    /**
     * @param redrive whether to reissue the tasks of stuck slots
     * @param terminal the columns of the terminal that {@code out} is; empty if it is none
     */
    public RunExecution(RunPlan plan, boolean redrive, PrintStream out, Supplier<OptionalInt> terminal) {
        this.plan = plan;
        this.redrive = redrive;
        this.out = out;
        this.terminal = terminal;
    }

    /** Requests the run to drain and end with work left, and says at once what is waited for. */
    public void stop() {
        stop.request(out::println);
    }

    public ExitCode execute(ModelReadiness wait) throws InterruptedException, IOException {
        ReleaseSettings release = plan.recipe().release();
        if (plan.work().read(FinalProgressFile.NAME).isPresent()
                && plan.dataset().versions().has(release.name())) {
            out.println("run " + plan.run().runId() + " is complete");
            ProgressTable.print(out, FinalProgressFile.read(plan.work()), terminal.get());
            new RunRelease(plan, out).printReleased();
            return ExitCode.RELEASED;
        }
        Outcome outcome;
        try {
            outcome = process(wait);
        } catch (ModelReadiness.ModelUnavailableException e) {
            out.println(e.getMessage());
            return ExitCode.WORK_LEFT;
        } catch (PipelineStoppedException e) {
            out.println(e.getMessage()
                    + Logging.file().map(file -> "; log: " + file).orElse(""));
            return ExitCode.WORK_LEFT;
        } catch (InterruptedException e) {
            if (!stop.isRequested()) {
                throw e;
            }
            out.println("stopped before the first call; run the same command to start");
            return ExitCode.WORK_LEFT;
        }
        RunProgress runProgress = outcome.runProgress();
        if (!runProgress.complete() || !plan.dataset().isComplete(plan.run().runId())) {
            ProgressTable.print(out, runProgress.toJson(), terminal.get());
            out.println(
                    outcome.budgetSpent()
                            ? "stopped: the budget is spent (" + spent(runProgress)
                                    + "); run the same command with a larger"
                                    + " budget to resume, as in "
                                    + largerBudget(plan.recipe().budget().budget(), runProgress)
                            : "stopped with work left; run the same command to resume");
            return ExitCode.WORK_LEFT;
        }
        FinalProgressFile.write(plan.work(), runProgress);
        ProgressTable.print(out, runProgress.toJson(), terminal.get());
        stop.during("finishes the release");
        return new RunRelease(plan, out).release(runProgress, release);
    }

    /** Runs the pipeline until every slot is terminal and committed, or until the run stops. */
    public Outcome process(ModelReadiness wait)
            throws InterruptedException, ModelReadiness.ModelUnavailableException, PipelineStoppedException {
        LocalPipeline localPipeline = new LocalPipeline(plan);
        ProgressLine line = new ProgressLine(
                out,
                terminal,
                plan.expectedRows(),
                plan.recipe().workers().runParameters().getSamples(),
                System::nanoTime);
        Outcome outcome;
        try (localPipeline) {
            stop.during("no model is called yet");
            stop.whileInterruptible(() -> localPipeline.awaitModels(wait));
            printHeader(localPipeline);
            line.phase("starting Kafka and the roles");
            localPipeline.start(redrive).map(RedriveReport::lines).ifPresent(lines -> lines.forEach(line::message));
            outcome = awaitEnd(localPipeline, line);
            stop.during("stores what is done");
            line.phase("storing and closing");
        } finally {
            line.end();
        }
        localPipeline.canaries().ifPresent(out::println); // final only after close()
        return outcome;
    }

    private static String spent(RunProgress runProgress) {
        return String.format(Locale.ROOT, "%,d tokens", runProgress.tokens())
                + (runProgress.usd() > 0 ? ", " + RunProgress.dollars(runProgress.usd()) : "");
    }

    /** The flag for the limit that is spent: of two, the one with the larger share used. */
    static String largerBudget(@Nullable Budget budget, RunProgress spent) {
        Double usd = budget == null ? null : budget.getUsd();
        Long tokens = budget == null ? null : budget.getTokens();
        if (tokens != null && (usd == null || spent.tokens() / (double) tokens > spent.usd() / usd)) {
            return "--set budget.tokens=" + tokens * 2;
        }
        return "--set budget.usd=" + (usd == null ? "N" : String.valueOf(Math.ceil(usd * 2)));
    }

    private void printHeader(LocalPipeline localPipeline) {
        SecurityWarnings.of(plan.recipe()).forEach(out::println);
        out.println("run " + plan.run().runId() + " · "
                + plan.input().report().headline() + " · specification "
                + plan.specification().name() + " "
                + plan.specification().version().substring(0, 12));
        Logging.file().ifPresent(file -> out.println("log " + file));
        MetricsSettings metrics = plan.recipe().metrics();
        if (metrics.port() != 0) {
            out.println("metrics http://" + metrics.host() + ":" + metrics.port() + "/");
        }
        plan.input().report().lines().forEach(out::println);
        printFindings(SpecLint.check(plan.recipe().spec(), plan.specification()));
        if (localPipeline.usesMockModel()) {
            out.println("no model is named: a mock model answers by rule (--model-url names one)");
        }
    }

    private void printFindings(List<String> findings) {
        findings.stream().limit(MAX_FINDINGS).map("note: "::concat).forEach(out::println);
        if (findings.size() > MAX_FINDINGS) {
            out.println(
                    "note: " + (findings.size() - MAX_FINDINGS) + " more of this kind; 'precept doctor' lists them");
        }
    }

    /** @param budgetSpent whether the run stopped because the budget is spent */
    public record Outcome(RunProgress runProgress, boolean budgetSpent) {}

    private Outcome awaitEnd(LocalPipeline localPipeline, ProgressLine line)
            throws InterruptedException, PipelineStoppedException {
        stop.during(
                () -> "waits for " + localPipeline.callsInFlight() + " calls, at most "
                        + plan.recipe().drain().toSeconds() + " s",
                line::message);
        try (ProgressReader reader =
                        new ProgressReader(localPipeline.kafka(), plan.run().runId());
                RunControl control =
                        new RunControl(localPipeline.kafka(), plan.run().runId())) {
            return awaitEnd(localPipeline, reader, control, line);
        }
    }

    private Outcome awaitEnd(LocalPipeline localPipeline, ProgressReader reader, RunControl control, ProgressLine line)
            throws InterruptedException, PipelineStoppedException {
        RunPhases phases = new RunPhases(plan, localPipeline, line);
        int idlePolls = 0;
        while (true) {
            localPipeline.requireRunning();
            RunProgress runProgress = reader.read();
            boolean done = runProgress.complete()
                    && plan.dataset().isComplete(plan.run().runId());
            RunControl.ControlSettings controlSettings = control.settings();
            boolean spent = localPipeline.isBudgetSpent();
            // Calls in flight when the budget was spent are paid: wait for their results.
            idlePolls = spent && localPipeline.callsInFlight() == 0 ? idlePolls + 1 : 0;
            boolean outOfBudget =
                    idlePolls >= IDLE_POLLS && plan.recipe().budget().onExhausted() == BudgetSettings.OnExhausted.STOP;
            if (!done && !outOfBudget && stop.isRequested()) {
                localPipeline.closeCallers();
                runProgress = settled(reader, runProgress);
            }
            if (done || stop.isRequested() || outOfBudget) {
                line.finish(runProgress);
                return new Outcome(runProgress, outOfBudget && !done);
            }
            phases.show(runProgress, controlSettings, spent);
            Thread.sleep(POLL_INTERVAL_MILLIS);
        }
    }

    /** The progress once the results of the last calls are in it. */
    private static RunProgress settled(ProgressReader reader, RunProgress before) throws InterruptedException {
        RunProgress now = before;
        for (int polls = 0, same = 0; polls < SETTLE_POLLS && same < SETTLED_POLLS; polls++) {
            Thread.sleep(POLL_INTERVAL_MILLIS);
            RunProgress next = reader.read();
            same = next.toJson().equals(now.toJson()) ? same + 1 : 0;
            now = next;
        }
        return now;
    }
}
