package dev.precept.cli.command;

import dev.precept.records.Run;
import dev.precept.runs.RunConnection;
import dev.precept.runs.RunControl;
import dev.precept.runtime.ExitCode;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Mixin;

/** The run of a command that pauses, resumes or cancels it. */
final class ControlOptions {
    @Mixin
    private WorkOption work = new WorkOption();

    /** @param change in one word, such as paused */
    int apply(String change, UnaryOperator<Run> edit) throws InterruptedException {
        RunConnection run = RunConnection.open(work.path());
        RunControl.apply(run, edit);
        System.out.println("run " + run.run().runId() + ": " + change
                + (isStopped() ? "; no process is running it, start one with 'precept run'" : ""));
        return ExitCode.RELEASED.code();
    }

    /** Whether no process is running it. */
    boolean isStopped() {
        return !work.folder().isInUse();
    }
}
