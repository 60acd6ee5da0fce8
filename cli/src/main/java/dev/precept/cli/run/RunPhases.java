package dev.precept.cli.run;

import dev.precept.cli.terminal.CommandName;
import dev.precept.runs.RunControl;
import dev.precept.runs.RunProgress;
import dev.precept.runtime.ShellWord;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the progress of a run with its phase. Why a run does not progress, and how to go on, is printed once as a line that
 * stays, because a command must not be cut.
 */
final class RunPhases {
    private static final Logger log = LoggerFactory.getLogger(RunPhases.class);

    private final RunPlan plan;
    private final LocalPipeline pipeline;
    private final ProgressLine line;
    private String announced = "";
    private boolean warned;

    RunPhases(RunPlan plan, LocalPipeline pipeline, ProgressLine line) {
        this.plan = plan;
        this.pipeline = pipeline;
        this.line = line;
    }

    void show(RunProgress progress, RunControl.ControlSettings control, boolean spent) {
        pipeline.voteWarning().ifPresent(this::warn);
        if (progress.complete()) {
            show(progress, "committing", "");
        } else if (control.cancelled()) {
            show(progress, "cancelled", "unfinished samples end as CANCELLED");
        } else if (spent) {
            show(progress, "out of budget", "resume with '" + resume() + " --usd N', or --tokens N");
        } else if (control.paused()) {
            show(progress, "paused", "resume with '" + resume() + "'");
        } else {
            Optional<LocalPipeline.Waiting> waiting = pipeline.waiting();
            if (waiting.isPresent()) {
                show(
                        progress,
                        waiting.get().app() + " is waiting",
                        waiting.get().why());
            } else {
                show(progress, "", "");
            }
        }
    }

    private void warn(String warning) {
        if (!warned) {
            warned = true;
            log.atWarn().addKeyValue("warning", warning).log("judge gives no votes");
            line.message("warning: " + warning);
        }
    }

    private void show(RunProgress progress, String phase, String detail) {
        if (!phase.equals(announced)) {
            announced = phase;
            log.atInfo()
                    .addKeyValue("phase", phase.isEmpty() ? "running" : phase)
                    .addKeyValue("detail", detail)
                    .log("phase of the run");
            if (!detail.isEmpty()) {
                line.message(CommandName.in(phase + ": " + detail));
            }
        }
        line.show(progress, phase);
    }

    private String resume() {
        return "precept resume --work " + ShellWord.of(plan.work().root().toString());
    }
}
