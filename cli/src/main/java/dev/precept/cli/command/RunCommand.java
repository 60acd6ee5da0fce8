package dev.precept.cli.command;

import dev.precept.cli.run.Logging;
import dev.precept.cli.run.ModelReadiness;
import dev.precept.cli.run.RunExecution;
import dev.precept.cli.run.RunPlan;
import dev.precept.config.Recipe;
import dev.precept.runtime.ExitCode;
import dev.precept.runtime.RunFile;
import dev.precept.runtime.WorkFolder;
import java.io.Console;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code precept run}: from prompts to a release. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Makes a dataset from a recipe, or goes on where it was. Without a recipe: the starter.")
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
            description = "issue the current task of every open slot once more, for when one is lost; uses no attempt")
    private boolean redrive;

    private volatile ExitCode exitCode = ExitCode.WORK_LEFT;

    @Override
    public Integer call() throws InterruptedException, IOException {
        Recipe asked = options.read();
        Duration patience = wait.patience();
        WorkFolder folder = work.folder();
        folder.prepare();
        Logging.toFile(folder);
        try (WorkFolder.Lock _ = folder.lock()) {
            RunFile.deleteBrokerAddress(folder);
            boolean terminal = onTerminal();
            RunExecution runExecution = new RunExecution(RunPlan.make(asked, folder), redrive, System.out, terminal);
            CountDownLatch ended = new CountDownLatch(1);
            Thread drain = new Thread(() -> drain(runExecution, ended), "drain");
            Runtime.getRuntime().addShutdownHook(drain);
            try {
                exitCode = runExecution.execute(new ModelReadiness(patience, System.err));
                return exitCode.code();
            } finally {
                ended.countDown();
                forget(drain);
            }
        }
    }

    /** On a signal: what is in flight is finished or handed back, then the process ends with what the run has to say. */
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

    private static void forget(Thread drain) {
        try {
            Runtime.getRuntime().removeShutdownHook(drain);
        } catch (IllegalStateException e) {
            System.out.flush(); // a signal is what ended the run, and its hook ends the process
        }
    }

    @SuppressWarnings("SystemConsoleNull") // it is null still, where a process has no console at all
    private static boolean onTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }
}
