package dev.precept.dataset.removal;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.chain.Commit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The chains to which a run may still append. */
final class OpenChains {
    private OpenChains() {}

    static Set<ChainId> find(Dataset dataset, Map<ChainId, List<Commit>> commits) {
        Set<ChainId> open = new HashSet<>();
        for (Dataset.RunEntry run : dataset.runs()) {
            run.topicIds().forEach((topic, topicId) -> {
                for (int partition = 0; partition < run.partitions(); partition++) {
                    ChainId chain = new ChainId(topic, topicId, partition);
                    boolean completed = commits.getOrDefault(chain, List.of()).stream()
                            .anyMatch(commit -> commit.completed().contains(run.runId()));
                    if (!completed) {
                        open.add(chain);
                    }
                }
            });
        }
        return open;
    }
}
