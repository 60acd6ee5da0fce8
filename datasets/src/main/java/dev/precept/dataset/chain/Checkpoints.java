package dev.precept.dataset.chain;

import dev.precept.store.ObjectStore;
import dev.precept.store.ParallelCalls;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Stores the checkpoints of a chain: one for each 1,000 commits, counted from offset 0, once a later commit exists. Equal
 * commits give the same key, so that concurrent writers do no harm.
 */
public final class Checkpoints {
    /** Commits of one checkpoint. */
    public static final int COMMITS = Checkpoint.COMMITS;

    private static final int IN_FLIGHT = 16;

    private final ObjectStore store;

    public Checkpoints(ObjectStore store) {
        this.store = store;
    }

    /** A stored checkpoint that no reader uses. */
    public record Invalid(String key, String why) {}

    /**
     * Stores the missing checkpoints of a chain that was read.
     *
     * @return the number of stored checkpoints
     */
    public int store(ChainCommits chain) throws IOException {
        List<Commit> commits = chain.commits();
        int segments = (commits.size() - 1) / Checkpoint.COMMITS;
        if (segments <= 0) {
            return 0;
        }
        Set<String> ranges = storedRanges(chain.chain().id());
        int stored = 0;
        for (int i = 0; i < segments; i++) {
            List<Commit> segment = commits.subList(i * Checkpoint.COMMITS, (i + 1) * Checkpoint.COMMITS);
            if (!ranges.contains(
                    range(segment.getFirst().from(), segment.getLast().to()))) {
                Checkpoint checkpoint = Checkpoint.of(chain.chain().id(), segment);
                stored += store.createIfAbsent(checkpoint.key(), checkpoint.content()) ? 1 : 0;
            }
        }
        return stored;
    }

    /**
     * As {@link #store(ChainCommits)}, for a chain that was not read. Reads only the commits of missing checkpoints.
     *
     * @throws StoreException.Corrupt if such a commit cannot be read, or the chain has a gap there
     */
    public int store(Chain chain) throws IOException {
        ListedChain listed = ListedChain.list(store, chain, Long.MAX_VALUE);
        int segments = (listed.size() - 1) / Checkpoint.COMMITS;
        if (segments <= 0) {
            return 0;
        }
        Set<String> ranges = storedRanges(chain.id());
        int stored = 0;
        for (int i = 0; i < segments; i++) {
            int first = i * Checkpoint.COMMITS;
            int end = first + Checkpoint.COMMITS;
            if (!ranges.contains(range(listed.start(first), listed.start(end)))) {
                Checkpoint checkpoint = Checkpoint.of(chain.id(), read(listed, first, end));
                stored += store.createIfAbsent(checkpoint.key(), checkpoint.content()) ? 1 : 0;
            }
        }
        return stored;
    }

    private static List<Commit> read(ListedChain listed, int first, int end) throws IOException {
        List<Long> starts = new ArrayList<>();
        for (int i = first; i < end; i++) {
            starts.add(listed.start(i));
        }
        Chain chain = listed.chain();
        List<Commit> commits = new ArrayList<>();
        for (Optional<Commit> commit : ParallelCalls.map(starts, IN_FLIGHT, chain::commitAt)) {
            commit.ifPresent(commits::add);
        }
        long next = listed.start(first);
        for (Commit commit : commits) {
            if (commit.from() != next) {
                throw new StoreException.Corrupt(chain.where(chain.id().commitKey(next)) + " is missing");
            }
            next = commit.to();
        }
        if (next != listed.start(end)) {
            throw new StoreException.Corrupt(chain.where(chain.id().commitKey(next)) + " is missing");
        }
        return commits;
    }

    private Set<String> storedRanges(ChainId chain) throws IOException {
        Set<String> ranges = new HashSet<>();
        store.list(chain.checkpointFolder()).stream()
                .map(ChainId::parseCheckpointKey)
                .flatMap(Optional::stream)
                .forEach(name -> ranges.add(range(name.from(), name.to())));
        return ranges;
    }

    private static String range(long from, long to) {
        return from + "-" + to;
    }

    /**
     * Compares all stored checkpoints with the commits.
     *
     * @param chains all chains of the dataset, read without checkpoints
     * @return the checkpoints that are damaged, or hold other commits than their chain
     */
    public List<Invalid> verify(List<ChainCommits> chains) throws IOException {
        return CheckpointCheck.of(chains).verify(store);
    }
}
