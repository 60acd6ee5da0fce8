package dev.precept.dataset.chain;

import dev.precept.store.ObjectStore;
import dev.precept.store.ParallelCalls;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

    public ObjectStore store() {
        return store;
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
        if (commit.from() != from || !id.has(commit)) {
            throw new StoreException.Corrupt(where(key) + " holds a commit of another position");
        }
        return Optional.of(commit);
    }

    /** The commits from an offset on, in order. A commit must start at the offset, or the chain end there. */
    public List<Commit> commitsFrom(long offset) throws IOException {
        Optional<Commit> first = commitAt(offset);
        if (first.isEmpty()) {
            return List.of();
        }
        List<Long> listed = new ArrayList<>();
        store.visitObjects(id.logFolder(), id.commitKey(first.get().to() - 1), object -> {
            ChainId.parseCommitKey(object.key()).ifPresent(position -> listed.add(position.from()));
            return true;
        });
        Map<Long, Commit> later = new HashMap<>();
        ParallelCalls.map(listed, ParallelCalls.SMALL_OBJECTS, this::commitAt).stream()
                .flatMap(Optional::stream)
                .forEach(commit -> later.put(commit.from(), commit));
        List<Commit> commits = new ArrayList<>();
        for (Commit next = first.get(); next != null; next = later.get(next.to())) {
            commits.add(next);
        }
        return commits;
    }

    /**
     * The offset of the next commit, from a listing of the newest keys. It does not verify that the chain has no gap.
     *
     * @param hint an offset at which a commit may start, such as a committed consumer offset; it shortens the listing
     */
    public long head(long hint) throws IOException {
        long newest = new NewestCommit(store, id).start(hint);
        long head = newest;
        // Commits that were appended after the listing.
        for (Optional<Commit> next = commitAt(newest);
                next.isPresent();
                next = commitAt(next.get().to())) {
            head = next.get().to();
        }
        return head;
    }

    /** @throws StoreException.Corrupt if a stored commit cannot be reached from offset 0 */
    public void requireContiguous() throws IOException {
        new ChainReader(store).read(List.of(this)).getFirst().requireContiguous();
    }

    String where(String what) {
        return store.location() + ": " + what;
    }
}
