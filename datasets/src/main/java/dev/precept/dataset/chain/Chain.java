package dev.precept.dataset.chain;

import dev.precept.store.ObjectStore;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The commits of one partition. The key of the next commit is the {@code to} of the previous one, and a key can be created
 * only once: the writer that loses the race finds the winner's commit. No lock, no epoch, no coordinator.
 */
public final class Chain {
    private final ObjectStore store;
    private final ChainId id;

    public Chain(ObjectStore store, ChainId id) {
        this.store = store;
        this.id = id;
    }

    /** The result of an append. */
    public sealed interface AppendResult {
        /** The commit is part of the chain. */
        record Committed() implements AppendResult {}

        /** Another commit starts at the same offset. */
        record Superseded(Commit winner) implements AppendResult {}
    }

    public ChainId id() {
        return id;
    }

    /** Appends a commit. Its data file must be stored before. */
    public AppendResult append(Commit commit) throws IOException {
        String key = id.commitKey(commit.from());
        if (store.createIfAbsent(key, commit.json())) {
            return new AppendResult.Committed();
        }
        // A create whose reply was lost finds its own commit.
        Commit present = commitAt(commit.from())
                .orElseThrow(
                        () -> new StoreException.Unavailable(where(key) + " exists and cannot be read; try again"));
        return present.id().equals(commit.id()) ? new AppendResult.Committed() : new AppendResult.Superseded(present);
    }

    /** The commit that starts at an offset. */
    public Optional<Commit> commitAt(long from) throws IOException {
        String key = id.commitKey(from);
        Optional<byte[]> json = store.read(key);
        if (json.isEmpty()) {
            return Optional.empty();
        }
        Commit commit = Commit.read(where(key), json.get());
        if (commit.from() != from
                || commit.partition() != id.partition()
                || !commit.topicId().equals(id.topicId())) {
            throw new StoreException.Corrupt(where(key) + " holds a commit of another position");
        }
        return Optional.of(commit);
    }

    /** The commits from an offset on, in order. A commit must start at the offset, or the chain end there. */
    public List<Commit> commitsFrom(long offset) throws IOException {
        List<Commit> commits = new ArrayList<>();
        for (Optional<Commit> next = commitAt(offset);
                next.isPresent();
                next = commitAt(next.get().to())) {
            commits.add(next.get());
        }
        return commits;
    }

    /**
     * The offset of the next commit.
     *
     * @param hint an offset at which a commit may start, such as a committed consumer offset; it shortens the walk
     */
    public long head(long hint) throws IOException {
        long start = hint > 0 && commitAt(hint).isPresent() ? hint : 0;
        List<Commit> commits = commitsFrom(start);
        return commits.isEmpty() ? 0 : commits.getLast().to();
    }

    /** @throws StoreException.Corrupt if a stored commit cannot be reached from offset 0 */
    public void requireContiguous() throws IOException {
        // List first: a commit appended meanwhile is then walked but not listed, which is not a gap.
        List<String> stored = store.list(id.logFolder());
        Set<String> walked = commitsFrom(0).stream()
                .map(commit -> id.commitKey(commit.from()))
                .collect(Collectors.toSet());
        List<String> loose =
                stored.stream().filter(key -> !walked.contains(key)).toList();
        if (!loose.isEmpty()) {
            throw new StoreException.Corrupt(
                    where("the chain " + id.logFolder()) + " has a gap: not reached from offset 0 are " + loose);
        }
    }

    private String where(String what) {
        return store.location() + ": " + what;
    }
}
