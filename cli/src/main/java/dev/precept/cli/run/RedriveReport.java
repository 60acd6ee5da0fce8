package dev.precept.cli.run;

import dev.precept.cli.terminal.Count;
import dev.precept.runtime.ExitCode;
import dev.precept.streams.maintenance.Redrive;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a redrive did, for a person. */
public final class RedriveReport {
    /** How long a command waits for a topology that makes no progress. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private RedriveReport() {}

    /** Lines of a report. */
    public static List<String> lines(Redrive redrive) {
        if (redrive.unread() > 0) {
            return List.of("redrive: the topology has not read " + Count.of(redrive.unread(), "answer")
                    + ", so it is unknown which slots are stuck; nothing was reissued, redrive again once the"
                    + " streams role has read them");
        }
        List<String> lines = new ArrayList<>();
        lines.add("redrive: reissued the tasks of " + Count.of(redrive.reissued(), "stuck slot") + "; "
                + Count.of(redrive.pending(), "open slot") + (redrive.pending() == 1 ? " waits" : " wait")
                + " for a worker");
        if (redrive.lost() > 0) {
            lines.add("redrive: " + Count.of(redrive.lost(), "stuck slot")
                    + (redrive.lost() == 1 ? " has lost its task" : " have lost their task")
                    + " and its source, and the log names"
                    + " the partitions; publish the prompts again, or end the run with 'precept cancel'");
        }
        return lines;
    }

    public static ExitCode exitCode(Redrive redrive) {
        return redrive.unread() > 0 || redrive.lost() > 0 ? ExitCode.WORK_LEFT : ExitCode.RELEASED;
    }
}
