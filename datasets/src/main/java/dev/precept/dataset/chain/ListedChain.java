package dev.precept.dataset.chain;

import dev.precept.store.ObjectStore;
import dev.precept.store.ObjectStore.ObjectInfo;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The keys of a chain in one listing, and the commits that were read for them. Commits may be set concurrently. */
final class ListedChain {
    private final Chain chain;
    private final long[] starts;
    private final List<String> others;
    private final long[] fingerprints;
    private final @Nullable Commit[] commits;
    private final Map<Integer, StoreException.Corrupt> broken = new ConcurrentHashMap<>();

    private ListedChain(Chain chain, Listing listing) {
        this.chain = chain;
        this.starts = toArray(listing.starts);
        this.others = listing.others;
        this.fingerprints = toArray(listing.fingerprints);
        this.commits = new @Nullable Commit[starts.length];
    }

    private static long[] toArray(List<Long> numbers) {
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }

    /** Lists the commits that start before an offset. */
    static ListedChain list(ObjectStore store, Chain chain, long end) throws IOException {
        Listing listing = new Listing(end);
        store.visitObjects(chain.id().logFolder(), "", listing::add);
        return new ListedChain(chain, listing);
    }

    private static final class Listing {
        private final long end;
        private final List<Long> starts = new ArrayList<>();
        private final List<Long> fingerprints = new ArrayList<>();
        private final List<String> others = new ArrayList<>();
        private long fingerprint;

        Listing(long end) {
            this.end = end;
        }

        boolean add(ObjectInfo object) {
            Optional<ChainId.Position> position = ChainId.parseCommitKey(object.key());
            if (position.isEmpty()) {
                others.add(object.key());
                return true;
            }
            if (position.get().from() >= end) {
                return false;
            }
            fingerprint = 31 * fingerprint + object.hashCode();
            starts.add(position.get().from());
            fingerprints.add(fingerprint);
            return true;
        }
    }

    Chain chain() {
        return chain;
    }

    int size() {
        return starts.length;
    }

    long start(int index) {
        return starts[index];
    }

    /** The index of the commit that starts at an offset; negative if there is none. */
    int indexOf(long offset) {
        return Arrays.binarySearch(starts, offset);
    }

    boolean isRead(int index) {
        return commits[index] != null || broken.containsKey(index);
    }

    /** For each commit a number that is equal in two listings if the keys, sizes and times up to it are. */
    long[] fingerprints() {
        return fingerprints;
    }

    void set(int index, Commit commit) {
        commits[index] = commit.sharing(chain.id());
    }

    void setBroken(int index, StoreException.Corrupt why) {
        broken.put(index, why);
    }

    /** The commits in order, as far as they are reached from offset 0. */
    ChainCommits result() {
        List<Commit> reached = new ArrayList<>();
        List<String> loose = new ArrayList<>(others);
        Optional<StoreException.Corrupt> end = Optional.empty();
        long next = 0;
        for (int i = 0; i < starts.length; i++) {
            Commit commit = commits[i];
            boolean isNext = starts[i] == next && end.isEmpty();
            if (isNext && commit != null) {
                reached.add(commit);
                next = commit.to();
            } else if (isNext) {
                end = Optional.ofNullable(broken.get(i));
                loose.add(chain.id().commitKey(starts[i]));
            } else {
                loose.add(chain.id().commitKey(starts[i]));
            }
        }
        return new ChainCommits(chain, reached, loose, end);
    }
}
