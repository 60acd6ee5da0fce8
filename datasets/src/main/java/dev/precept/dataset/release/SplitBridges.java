package dev.precept.dataset.release;

import dev.precept.config.NearDuplicateSettings.Policy;
import java.io.IOException;
import java.util.Map;

/**
 * Leaves out the candidates whose prompt is similar to prompts of both splits. Before near-duplicates are searched: nothing may
 * fall to a row that is not kept.
 */
final class SplitBridges {
    private SplitBridges() {}

    /** Returns the number of candidates that were left out, if there are any. */
    static Map<RemovedEntry.Reason, Long> leaveOut(
            OrderedCandidates candidates, ReleaseSettings settings, PromptSplits splits) throws IOException {
        if (settings.nearDuplicates().prompts() == Policy.OFF || !splits.hasBridges()) {
            return Map.of();
        }
        long bridges = 0;
        for (int number = 0; number < candidates.size(); number++) {
            byte[] candidate = candidates.get(number);
            if (splits.isBridge(candidate, Candidate.PROMPT)) {
                candidates.leaveOut(
                        number, RemovedEntry.leftOut(RemovedEntry.Reason.SPLIT_BRIDGE, candidates.id(number)));
                bridges++;
            }
        }
        return bridges == 0 ? Map.of() : Map.of(RemovedEntry.Reason.SPLIT_BRIDGE, bridges);
    }
}
