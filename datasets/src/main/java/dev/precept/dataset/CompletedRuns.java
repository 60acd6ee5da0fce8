package dev.precept.dataset;

import dev.precept.dataset.chain.Chain;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.chain.Commit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which runs a chain has the last record of. Cheap to ask again: each chain is read on from where it was. Thread-safe. */
final class CompletedRuns {
    private final Map<ChainId, Walked> walked = new ConcurrentHashMap<>();

    /** How far a chain has been read, and which runs it completes. */
    private record Walked(long to, List<String> completed) {}

    boolean isCompleted(Chain chain, String runId) throws IOException {
        Walked before = walked.getOrDefault(chain.id(), new Walked(0, List.of()));
        List<String> completed = new ArrayList<>(before.completed());
        long to = before.to();
        for (Commit commit : chain.commitsFrom(to)) {
            completed.addAll(commit.completed());
            to = commit.to();
        }
        walked.put(chain.id(), new Walked(to, completed));
        return completed.contains(runId);
    }
}
