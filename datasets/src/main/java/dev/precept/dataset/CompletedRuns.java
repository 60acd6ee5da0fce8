package dev.precept.dataset;

import dev.precept.dataset.chain.Chain;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.chain.Commit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The runs that are complete on each chain. A call reads only the commits since the last one. Thread-safe. */
final class CompletedRuns {
    private final Map<ChainId, ScannedChain> scanned = new ConcurrentHashMap<>();

    /** How far a chain was read, and the runs that it completes. */
    private record ScannedChain(long to, List<String> completed) {}

    boolean isCompleted(Chain chain, String runId) throws IOException {
        ScannedChain before = scanned.getOrDefault(chain.id(), new ScannedChain(0, List.of()));
        List<String> completed = new ArrayList<>(before.completed());
        long to = before.to();
        for (Commit commit : chain.commitsFrom(to)) {
            completed.addAll(commit.completed());
            to = commit.to();
        }
        scanned.put(chain.id(), new ScannedChain(to, completed));
        return completed.contains(runId);
    }
}
