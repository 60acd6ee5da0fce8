package dev.precept.runs;

import dev.precept.records.Budget;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a run is, and what its processes do now.
 *
 * @param why what it waits for and which command goes on; empty if all is well
 */
public record RunActivity(State state, Activity activity, String why) {
    /** What a run is. */
    public enum State {
        OPEN,
        /** Every slot is terminal. */
        COMPLETE,
        /** Ended before it was complete, and cannot be resumed. */
        CLOSED;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What the processes of a run do. */
    public enum Activity {
        RUNNING,
        PAUSED,
        /** For a model. */
        WAITING,
        OUT_OF_BUDGET,
        /** There is no process. */
        STOPPED;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Derives the activity from what the processes have reported.
     *
     * @param stopped whether no process is running the run: then its reports are old
     * @param arguments of {@code precept resume}, which name the run
     * @param restart how its processes are started
     */
    public static RunActivity of(
            RunProgress progress,
            RunControl.ControlSettings control,
            boolean stopped,
            String arguments,
            String restart) {
        String resume = "'precept resume " + arguments + "'";
        if (progress.complete() && stopped) {
            return open(Activity.STOPPED, "every sample is decided, and not all rows are committed; " + restart);
        } else if (progress.complete()) {
            return new RunActivity(State.COMPLETE, Activity.RUNNING, "its rows are being committed and released");
        } else if (stopped && control.cancelled()) {
            return open(Activity.STOPPED, "cancelled, and no process ends its unfinished samples; " + restart);
        } else if (stopped && control.paused()) {
            return open(Activity.STOPPED, "paused, and no process is running it; " + resume + ", then " + restart);
        } else if (control.cancelled()) {
            return open(Activity.RUNNING, "cancelled: unfinished samples end as CANCELLED");
        } else if (progress.isOutOfBudget()) {
            return open(
                    Activity.OUT_OF_BUDGET,
                    stopped
                            ? "the budget is spent and the process has ended; give a larger budget, as in --set"
                                    + " budget." + (isOfTokens(control) ? "tokens" : "usd") + "=N, and " + restart
                            : "the budget is spent; raise it with '" + "precept resume " + arguments + " --usd N', or"
                                    + " --tokens N");
        } else if (stopped) {
            return open(Activity.STOPPED, "no process is running it; " + restart);
        } else if (control.paused()) {
            return open(Activity.PAUSED, "resume it with " + resume);
        }
        Optional<Map.Entry<String, String>> outage =
                progress.outages().entrySet().stream().findFirst();
        return outage.map(role -> open(Activity.WAITING, "the " + role.getKey() + " waits: " + role.getValue()))
                .orElseGet(() -> open(Activity.RUNNING, ""));
    }

    /** Whether the limit is one of tokens alone: dollars need prices, which such a recipe need not have. */
    private static boolean isOfTokens(RunControl.ControlSettings control) {
        Budget budget = control.budget();
        return budget != null && budget.getTokens() != null && budget.getUsd() == null;
    }

    private static RunActivity open(Activity activity, String why) {
        return new RunActivity(State.OPEN, activity, why);
    }
}
