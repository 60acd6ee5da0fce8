package dev.precept.cli.nemesis;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import java.util.Map;

/**
 * What one seed gave.
 *
 * @param planned kills of the schedule
 * @param done faults by kind
 * @param samples committed samples that are as expected
 * @param calls model calls
 * @param answeredAgain calls repeated although their answer was delivered
 * @param ownEnds processes that ended without being killed
 * @param recoveryMillis from the last fault to the complete run
 * @param silenceMillis the longest time without an answer of the model
 * @param problems empty if nothing is wrong
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Outcome(
        long seed,
        int planned,
        Map<Fault, Integer> done,
        int samples,
        int lost,
        int doubled,
        int calls,
        int answeredAgain,
        int ownEnds,
        long recoveryMillis,
        long silenceMillis,
        long millis,
        List<String> problems) {
    int kills() {
        return done.entrySet().stream()
                .filter(fault -> fault.getKey().isKill())
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    @Override
    public String toString() {
        return "seed " + seed + ": " + kills() + " kills, " + done + ", " + samples + " samples, " + lost + " lost, "
                + doubled + " doubled, " + calls + " calls, " + answeredAgain + " made again, " + ownEnds
                + " own ends, recovered in " + recoveryMillis + " ms, longest silence " + silenceMillis + " ms, "
                + millis / 1000 + " s" + (problems.isEmpty() ? "" : "; WRONG: " + problems);
    }
}
