package dev.precept.dataset.read;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Layout;
import dev.precept.dataset.chain.Chain;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.chain.Commit;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The chains of samples, the position in each, and the runs that are still open in it. */
final class FollowedChains {
    private static final String TOPIC = Topics.SAMPLES.name();

    private final Dataset dataset;
    private final Map<String, String> topicIdOfRun = new TreeMap<>();
    private final Map<String, List<Long>> next = new TreeMap<>();
    private final Map<String, BitSet> completed = new TreeMap<>();
    private List<String> knownRuns = List.of();

    private FollowedChains(Dataset dataset) {
        this.dataset = dataset;
    }

    static FollowedChains load(Dataset dataset, Optional<FollowCursor.Vector> from) throws IOException {
        FollowedChains chains = new FollowedChains(dataset);
        chains.refresh();
        if (from.isPresent()) {
            chains.resume(from.get());
        }
        return chains;
    }

    private void resume(FollowCursor.Vector vector) throws IOException {
        if (!vector.dataset().equals(dataset.id())) {
            throw new ConfigurationException("--from: the cursor is of dataset " + vector.dataset() + ", and "
                    + dataset.location() + " is " + dataset.id() + "; give a cursor of this dataset");
        }
        for (Map.Entry<String, List<Long>> topic : vector.next().entrySet()) {
            List<Long> ours = next.get(topic.getKey());
            if (ours == null || ours.size() != topic.getValue().size()) {
                throw unknownPosition(topic.getKey());
            }
            for (int partition = 0; partition < ours.size(); partition++) {
                ChainId id = new ChainId(TOPIC, topic.getKey(), partition);
                requireBoundary(new Chain(dataset.store(), id), topic.getValue().get(partition));
            }
            next.put(topic.getKey(), new ArrayList<>(topic.getValue()));
        }
        vector.completed().forEach((run, partitions) -> completed.put(run, BitSet.valueOf(partitions)));
    }

    /** A commit must start at the offset, or the last one end there. */
    private void requireBoundary(Chain chain, long offset) throws IOException {
        if (offset == 0 || chain.commitAt(offset).isPresent()) {
            return;
        }
        List<String> before = dataset.store().list(chain.id().logFolder()).stream()
                .filter(key -> key.compareTo(chain.id().commitKey(offset)) < 0)
                .toList();
        Optional<ChainId.Position> newest =
                before.isEmpty() ? Optional.empty() : ChainId.parseCommitKey(before.getLast());
        Optional<Commit> last = newest.isEmpty()
                ? Optional.empty()
                : chain.commitAt(newest.get().from());
        if (last.isEmpty() || last.get().to() != offset) {
            throw unknownPosition(chain.id().logFolder() + " at " + offset);
        }
    }

    static ConfigurationException unknownPosition(String position) {
        return new ConfigurationException("--from: no commit of this dataset is at " + position
                + "; give a cursor as it was printed, or start without one");
    }

    /** Adds runs that were started since the last call. */
    void refresh() throws IOException {
        List<String> runs = dataset.store().list(Layout.RUNS);
        if (runs.equals(knownRuns)) {
            return;
        }
        knownRuns = runs;
        for (Dataset.RunEntry run : dataset.runs()) {
            String topicId = run.topicIds().get(TOPIC);
            if (topicId != null) {
                topicIdOfRun.put(run.runId(), topicId);
                next.computeIfAbsent(topicId, fresh -> zeroOffsets(run.partitions()));
            }
        }
    }

    private List<Long> zeroOffsets(int partitions) {
        List<Long> offsets = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            offsets.add(0L);
        }
        return offsets;
    }

    /** The chains to which a run may still append. */
    List<Chain> openChains() {
        List<Chain> open = new ArrayList<>();
        next.forEach((topicId, offsets) -> {
            for (int partition = 0; partition < offsets.size(); partition++) {
                if (isOpen(topicId, partition)) {
                    open.add(new Chain(dataset.store(), new ChainId(TOPIC, topicId, partition)));
                }
            }
        });
        return open;
    }

    private boolean isOpen(String topicId, int partition) {
        return topicIdOfRun.entrySet().stream()
                .filter(run -> run.getValue().equals(topicId))
                .anyMatch(run ->
                        !completed.getOrDefault(run.getKey(), new BitSet()).get(partition));
    }

    /** @throws ConfigurationException unless the position is in the next commit of its chain */
    Chain chainAt(FollowCursor.RowPosition rowPosition) {
        List<Long> offsets = next.getOrDefault(rowPosition.topicId(), List.of());
        if (rowPosition.partition() >= offsets.size() || offsets.get(rowPosition.partition()) != rowPosition.from()) {
            throw unknownPosition(rowPosition.toString());
        }
        return new Chain(dataset.store(), new ChainId(TOPIC, rowPosition.topicId(), rowPosition.partition()));
    }

    private List<Long> offsets(ChainId chain) {
        return Objects.requireNonNull(next.get(chain.topicId()), "a chain that is followed");
    }

    long next(ChainId chain) {
        return offsets(chain).get(chain.partition());
    }

    void markConsumed(ChainId chain, Commit commit) {
        offsets(chain).set(chain.partition(), commit.to());
        commit.completed()
                .forEach(run ->
                        completed.computeIfAbsent(run, fresh -> new BitSet()).set(chain.partition()));
    }

    FollowCursor cursor() {
        Map<String, List<Long>> offsets = new LinkedHashMap<>();
        next.forEach((topicId, at) -> offsets.put(topicId, List.copyOf(at)));
        Map<String, byte[]> runs = completed.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, run -> run.getValue().toByteArray()));
        return new FollowCursor(new FollowCursor.Vector(dataset.id(), offsets, runs), Optional.empty());
    }
}
