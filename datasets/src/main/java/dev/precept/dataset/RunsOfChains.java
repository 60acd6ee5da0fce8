package dev.precept.dataset;

import dev.precept.dataset.chain.ChainId;
import dev.precept.store.ObjectStore;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Requires that every chain in the log belongs to a run. The entries of runs are what chains are found by: without this, the
 * rows of a run whose entry is lost would silently be in no release and in no purge.
 */
final class RunsOfChains {
    /** Sorts after every partition number. */
    private static final String AFTER_PARTITIONS = "~";

    private RunsOfChains() {}

    /** The topic ids that commits were made from, as {@code topic-id}; one request for each. */
    static Set<String> logged(ObjectStore store) throws IOException {
        Set<String> topics = new TreeSet<>();
        String after = "";
        while (true) {
            Optional<ChainId> next = firstAfter(store, after);
            if (next.isEmpty()) {
                return topics;
            }
            String topic = topic(next.get().topic(), next.get().topicId());
            topics.add(topic);
            after = Layout.LOG + topic + "-" + AFTER_PARTITIONS;
        }
    }

    private static Optional<ChainId> firstAfter(ObjectStore store, String after) throws IOException {
        ChainId[] found = new ChainId[1];
        store.visitObjects(Layout.LOG, after, object -> {
            found[0] = ChainId.parseCommitKey(object.key())
                    .map(ChainId.Position::chain)
                    .orElse(null);
            return found[0] == null;
        });
        return Optional.ofNullable(found[0]);
    }

    /**
     * Compares topics of the log with the runs that were read after them: a run is registered before its first commit.
     *
     * @throws StoreException.Corrupt if a topic belongs to no run
     */
    static void require(ObjectStore store, Set<String> logged, Iterable<Dataset.RunEntry> runs) throws IOException {
        Set<String> unknown = new TreeSet<>(logged);
        runs.forEach(run -> run.generations()
                .forEach(ids -> unknown.removeAll(ids.entrySet().stream()
                        .map(each -> topic(each.getKey(), each.getValue()))
                        .collect(Collectors.toSet()))));
        if (!unknown.isEmpty()) {
            throw new StoreException.Corrupt(store.location() + ": " + Layout.RUNS
                    + " has no entry of the run that wrote the commits in " + Layout.LOG
                    + String.join("-*, " + Layout.LOG, unknown)
                    + "-*; put it back from a backup, or the rows of the run"
                    + " are in no release");
        }
    }

    private static String topic(String topic, String id) {
        return topic + "-" + id;
    }
}
