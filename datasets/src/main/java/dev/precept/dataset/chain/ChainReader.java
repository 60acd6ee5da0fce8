package dev.precept.dataset.chain;

import dev.precept.store.ObjectStore;
import dev.precept.store.ParallelCalls;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/**
 * Reads the commits of chains: lists each chain once, reads checkpoints, and the other commits in parallel. A commit never
 * changes, so a later read lists again and reads only what was appended since. Thread-safe.
 */
public final class ChainReader {
    private final ObjectStore store;
    private final boolean usesCheckpoints;
    private final Map<ChainId, KnownChain> known = new ConcurrentHashMap<>();

    private ChainReader(ObjectStore store, boolean usesCheckpoints) {
        this.store = store;
        this.usesCheckpoints = usesCheckpoints;
    }

    /** A reader that uses checkpoints. */
    public ChainReader(ObjectStore store) {
        this(store, true);
    }

    /** A reader that reads every commit itself. */
    public static ChainReader withoutCheckpoints(ObjectStore store) {
        return new ChainReader(store, false);
    }

    /** What a chain held when it was read last. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record KnownChain(List<Commit> commits, long[] fingerprints) {
        KnownChain longer(KnownChain next) {
            return next.commits.size() < commits.size() ? this : next;
        }
    }

    /** A commit to read. */
    private record Unread(ListedChain listed, int index) {
        void read() throws IOException {
            Chain chain = listed.chain();
            long from = listed.start(index);
            try {
                Optional<Commit> commit = chain.commitAt(from);
                if (commit.isPresent()) {
                    listed.set(index, commit.get());
                } else {
                    listed.setBroken(
                            index,
                            new StoreException.Corrupt(
                                    chain.where(chain.id().commitKey(from)) + " was listed but does not exist"));
                }
            } catch (StoreException.Corrupt e) {
                listed.setBroken(index, e);
            }
        }
    }

    /** As {@link #read(Collection, ToLongFunction)}, to the end of each chain. */
    public List<ChainCommits> read(Collection<Chain> chains) throws IOException {
        return read(chains, chain -> Long.MAX_VALUE);
    }

    /**
     * Reads chains.
     *
     * @param end offset of a chain; commits that start there or later are not read
     * @return one result for each chain, in this order. A commit that cannot be read is part of the result
     * @throws IOException if the store fails
     */
    public List<ChainCommits> read(Collection<Chain> chains, ToLongFunction<ChainId> end) throws IOException {
        List<ListedChain> listed = ParallelCalls.map(
                chains,
                ParallelCalls.SMALL_OBJECTS,
                chain -> ListedChain.list(store, chain, end.applyAsLong(chain.id())));
        listed.forEach(this::setKnown);
        if (usesCheckpoints) {
            CheckpointReader.read(store, listed);
        }
        List<Unread> unread = new ArrayList<>();
        for (ListedChain each : listed) {
            for (int i = 0; i < each.size(); i++) {
                if (!each.isRead(i)) {
                    unread.add(new Unread(each, i));
                }
            }
        }
        ParallelCalls.forEach(unread, ParallelCalls.SMALL_OBJECTS, Unread::read);
        List<ChainCommits> results = new ArrayList<>();
        for (ListedChain each : listed) {
            ChainCommits commits = each.result();
            if (commits.loose().isEmpty()) {
                known.merge(
                        each.chain().id(), new KnownChain(commits.commits(), each.fingerprints()), KnownChain::longer);
            }
            results.add(commits);
        }
        return results;
    }

    /** Sets the commits of the last read, if the store still lists the same objects. */
    private void setKnown(ListedChain listed) {
        KnownChain before = known.get(listed.chain().id());
        int both = before == null ? 0 : Math.min(before.commits.size(), listed.size());
        if (before != null && both > 0 && before.fingerprints[both - 1] == listed.fingerprints()[both - 1]) {
            for (int i = 0; i < both; i++) {
                listed.set(i, before.commits.get(i));
            }
        }
    }
}
