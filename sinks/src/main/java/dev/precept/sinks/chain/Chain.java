package dev.precept.sinks.chain;

import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The commits of one partition. The key of the next commit is the previous commit's {@code to}, and a key can be created
 * once: whoever loses the race sees the winner's commit. No lock, no epoch, no coordinator.
 */
public final class Chain {
    private final ObjectStore store;
    private final ChainId id;

    public Chain(ObjectStore store, ChainId id) {
        this.store = store;
        this.id = id;
    }

    /** How an attempt to append ended. */
    public sealed interface Appended {
        /** The link is in the chain, and it is ours. */
        record Ours() implements Appended {}

        /** Another link begins where ours would have. */
        record Lost(Commit winner) implements Appended {}
    }

    public ChainId id() {
        return id;
    }

    /** Appends a link. Its data must already be stored under the key it names. */
    public Appended append(Commit commit) throws IOException {
        String key = id.commitKey(commit.from());
        if (store.createIfAbsent(key, commit.json())) {
            return new Appended.Ours();
        }
        // A create whose reply was lost finds its own commit here.
        Commit present =
                at(commit.from()).orElseThrow(() -> new IOException(key + " exists and cannot be read; try again"));
        return present.id().equals(commit.id()) ? new Appended.Ours() : new Appended.Lost(present);
    }

    /** The commit that begins at an offset. */
    public Optional<Commit> at(long from) throws IOException {
        String key = id.commitKey(from);
        Optional<byte[]> json = store.read(key);
        if (json.isEmpty()) {
            return Optional.empty();
        }
        Commit commit = Commit.parse(key, json.get());
        if (commit.from() != from
                || commit.partition() != id.partition()
                || !commit.topicId().equals(id.topicId())) {
            throw new BrokenCommitException(key + " holds a commit of another place in the log");
        }
        return Optional.of(commit);
    }

    /** The commits from an offset on, in order; the offset must begin a commit, or be the end. */
    public List<Commit> from(long offset) throws IOException {
        List<Commit> commits = new ArrayList<>();
        for (Optional<Commit> next = at(offset);
                next.isPresent();
                next = at(next.get().to())) {
            commits.add(next.get());
        }
        return commits;
    }

    /**
     * The offset of the next commit.
     *
     * @param hint a {@code from} that may begin a commit, as remembered by a consumer group; it only saves the walk
     */
    public long head(long hint) throws IOException {
        long start = hint > 0 && at(hint).isPresent() ? hint : 0;
        List<Commit> commits = from(start);
        return commits.isEmpty() ? 0 : commits.getLast().to();
    }

    /** Every commit key that is stored must be reached by walking the chain. */
    public void requireContiguous() throws IOException {
        // Listed first: a commit that is appended meanwhile is walked and not listed, which is no gap.
        List<String> stored = store.list(id.log());
        Set<String> walked =
                from(0).stream().map(commit -> id.commitKey(commit.from())).collect(Collectors.toSet());
        List<String> loose =
                stored.stream().filter(key -> !walked.contains(key)).toList();
        if (!loose.isEmpty()) {
            throw new BrokenCommitException(
                    "the chain " + id.log() + " has a gap: not reached from offset 0 are " + loose);
        }
    }
}
