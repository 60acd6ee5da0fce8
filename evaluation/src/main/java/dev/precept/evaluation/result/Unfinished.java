package dev.precept.evaluation.result;

import dev.precept.evaluation.ask.Workload;
import java.util.Optional;

/**
 * Questions that an evaluation leaves open.
 *
 * @param open questions without an answer or without a judgement
 * @param why of the first one; empty if none is open
 * @param stopped why the work ended before all were tried
 */
public record Unfinished(int open, String why, Optional<Workload.Stopped> stopped) {
    /** Whether the same command would end in the same way. */
    public boolean isMisconfigured() {
        return stopped.filter(Workload.Stopped::misconfigured).isPresent();
    }

    /** One line for the user; empty if nothing is open. */
    public Optional<String> line() {
        if (open == 0) {
            return Optional.empty();
        }
        String cause = stopped.map(Workload.Stopped::why).orElse(why);
        return Optional.of(open + (open == 1 ? " question is" : " questions are") + " open, so there is no score: "
                + cause + (isMisconfigured() ? "" : "; run the same command again to go on"));
    }
}
