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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The chains of samples, the position in each, and the runs that are still open in it. A run that was recovered has chains
 * of several topics: those of the newest are open until they have its last record; those of the earlier ones as long as the
 * run is open, and until their end was seen after that; those of a run that was closed, until their end was seen.
 */
final class FollowedChains {
    private static final String TOPIC = Topics.SAMPLES.name();

    private final Dataset dataset;
    private final Map<String, List<String>> topicIdsOfRun = new TreeMap<>();
    private final Map<String, List<Long>> next = new TreeMap<>();

    /** Partitions that have the last record of a run, by topic id and run id. */
    private final Map<String, Map<String, BitSet>> completed = new TreeMap<>();

    /** Chains without another commit when they were last read. */
    private final Set<ChainId> read = new HashSet<>();

    private final Set<String> closedRuns = new HashSet<>();
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
        vector.completed()
                .forEach((topicId, runs) -> runs.forEach((run, partitions) -> completed
                        .computeIfAbsent(topicId, fresh -> new TreeMap<>())
                        .put(run, BitSet.valueOf(partitions))));
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

    /** Adds runs that were started or recovered since the last call. */
    void refresh() throws IOException {
        List<String> runs = dataset.store().list(Layout.RUNS);
        if (runs.equals(knownRuns)) {
            return;
        }
        knownRuns = runs;
        for (Dataset.RunEntry run : dataset.runs()) {
            if (run.closed().isPresent() && closedRuns.add(run.runId())) {
                read.clear(); // what was appended before the run was closed is read
            }
            List<String> topicIds = run.generations().stream()
                    .flatMap(ids -> Stream.ofNullable(ids.get(TOPIC)))
                    .distinct()
                    .toList();
            if (!topicIds.isEmpty()) {
                topicIdsOfRun.put(run.runId(), topicIds);
            }
            topicIds.forEach(topicId -> next.computeIfAbsent(topicId, fresh -> zeroOffsets(run.partitions())));
        }
    }

    private List<Long> zeroOffsets(int partitions) {
        List<Long> offsets = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            offsets.add(0L);
        }
        return offsets;
    }

    /** The chains to which a run may still append, or whose end was not seen. */
    List<Chain> openChains() {
        List<Chain> open = new ArrayList<>();
        next.forEach((topicId, offsets) -> {
            for (int partition = 0; partition < offsets.size(); partition++) {
                ChainId chain = new ChainId(TOPIC, topicId, partition);
                if (topicIdsOfRun.entrySet().stream().anyMatch(run -> isOpen(chain, run.getKey(), run.getValue()))) {
                    open.add(new Chain(dataset.store(), chain));
                }
            }
        });
        return open;
    }

    private boolean isOpen(ChainId chain, String run, List<String> topicIds) {
        if (closedRuns.contains(run)) {
            return topicIds.contains(chain.topicId()) && !read.contains(chain);
        }
        String newest = topicIds.getLast();
        if (chain.topicId().equals(newest)) {
            return !completed(newest, run).get(chain.partition());
        }
        boolean runIsOpen =
                completed(newest, run).cardinality() < offsets(newest).size();
        return topicIds.contains(chain.topicId()) && (runIsOpen || !read.contains(chain));
    }

    private BitSet completed(String topicId, String run) {
        return completed.getOrDefault(topicId, Map.of()).getOrDefault(run, new BitSet());
    }

    /** @throws ConfigurationException unless the position is in the next commit of its chain */
    Chain chainAt(FollowCursor.RowPosition rowPosition) {
        List<Long> offsets = next.getOrDefault(rowPosition.topicId(), List.of());
        if (rowPosition.partition() >= offsets.size() || offsets.get(rowPosition.partition()) != rowPosition.from()) {
            throw unknownPosition(rowPosition.toString());
        }
        return new Chain(dataset.store(), new ChainId(TOPIC, rowPosition.topicId(), rowPosition.partition()));
    }

    private List<Long> offsets(String topicId) {
        return Objects.requireNonNull(next.get(topicId), "a topic that is followed");
    }

    long next(ChainId chain) {
        return offsets(chain.topicId()).get(chain.partition());
    }

    /** Called if a chain has no commit at its position. */
    void markRead(ChainId chain) {
        read.add(chain);
    }

    void markConsumed(ChainId chain, Commit commit) {
        offsets(chain.topicId()).set(chain.partition(), commit.to());
        for (String run : commit.completed()) {
            completed
                    .computeIfAbsent(chain.topicId(), fresh -> new TreeMap<>())
                    .computeIfAbsent(run, fresh -> new BitSet())
                    .set(chain.partition());
            read.clear(); // what was appended to an earlier chain before the run was complete is read
        }
    }

    FollowCursor cursor() {
        Map<String, List<Long>> offsets = new LinkedHashMap<>();
        next.forEach((topicId, at) -> offsets.put(topicId, List.copyOf(at)));
        Map<String, Map<String, byte[]>> runs = new TreeMap<>();
        completed.forEach((topicId, partitions) -> runs.put(
                topicId,
                partitions.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, run -> run.getValue().toByteArray()))));
        return new FollowCursor(new FollowCursor.Vector(dataset.id(), offsets, runs), Optional.empty());
    }
}
