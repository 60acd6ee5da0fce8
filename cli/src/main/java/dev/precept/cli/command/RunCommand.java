package dev.precept.cli.command;

import dev.precept.cli.admin.RunRecovery;
import dev.precept.cli.run.Logging;
import dev.precept.cli.run.ModelReadiness;
import dev.precept.cli.run.RunExecution;
import dev.precept.cli.run.RunPlan;
import dev.precept.cli.terminal.Interrupts;
import dev.precept.cli.terminal.Terminal;
import dev.precept.config.Recipe;
import dev.precept.runtime.ExitCode;
import dev.precept.runtime.RunFile;
import dev.precept.runtime.WorkFolder;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code precept run}. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Create a dataset from a recipe, or resume an interrupted run. Default: the starter recipe.")
final class RunCommand implements Callable<Integer> {
    private static final long DRAIN_SECONDS = 30;

    @Mixin
    private RecipeOptions options = new RecipeOptions();

    @Mixin
    private WaitOption wait = new WaitOption();

    @Mixin
    private WorkOption work = new WorkOption();

    @Option(
            names = "--redrive",
            description = "send the tasks of unfinished samples again (use when a message was lost)")
    private boolean redrive;

    private volatile ExitCode exitCode = ExitCode.WORK_LEFT;

    @Override
    public Integer call() throws InterruptedException, IOException {
        Recipe recipe = options.read();
        Duration patience = wait.patience();
        WorkFolder folder = work.folder();
        folder.prepare();
        Logging.toFile(folder);
        try (WorkFolder.Lock _ = folder.lock()) {
            RunFile.deleteBrokerAddress(folder);
            RunPlan plan = RunPlan.make(recipe, folder);
            rebuild(plan);
            RunExecution runExecution = new RunExecution(plan, redrive, System.out, Terminal::columnsOfOutput);
            CountDownLatch ended = new CountDownLatch(1);
            Thread drain = new Thread(() -> drain(runExecution, ended), "drain");
            Runtime.getRuntime().addShutdownHook(drain); // SIGTERM, SIGHUP
            Interrupts.listen(count -> onInterrupt(runExecution, count));
            try {
                exitCode = runExecution.execute(new ModelReadiness(patience, System.err));
                return exitCode.code();
            } finally {
                ended.countDown();
                removeHook(drain);
            }
        }
    }

    /** Rebuilds the ledger of a run whose work folder is gone, with the embedded broker that was in it. */
    private static void rebuild(RunPlan plan) throws InterruptedException, IOException {
        if (plan.mustRebuild()) {
            System.out.println("run " + plan.run().runId() + ": its work folder is gone; the run continues here");
            new RunRecovery(plan).rebuildIfLost().ifPresent(result -> RecoverCommand.print(System.out, plan, result));
        }
        plan.rebuilt();
    }

    /** On a signal: stops the run, waits until it has drained and printed its result, then ends the process. */
    private void drain(RunExecution runExecution, CountDownLatch ended) {
        runExecution.stop();
        try {
            boolean inTime = ended.await(DRAIN_SECONDS, TimeUnit.SECONDS);
            System.out.flush();
            Runtime.getRuntime().halt((inTime ? exitCode : ExitCode.WORK_LEFT).code());
        } catch (InterruptedException e) {
            Runtime.getRuntime().halt(ExitCode.WORK_LEFT.code());
        }
    }

    private static void removeHook(Thread drain) {
        try {
            Runtime.getRuntime().removeShutdownHook(drain);
        } catch (IllegalStateException e) {
            System.out.flush(); // the hook is running already and ends the process
        }
    }

    private static void onInterrupt(RunExecution runExecution, int count) {
        if (count == 1) {
            runExecution.stop();
        } else {
            System.out.println("stopped at once; completed work is safe, run the same command to resume");
            System.out.flush();
            Runtime.getRuntime().halt(ExitCode.WORK_LEFT.code());
        }
    }
}
