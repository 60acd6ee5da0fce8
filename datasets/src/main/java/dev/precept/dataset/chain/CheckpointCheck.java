package dev.precept.dataset.chain;

import dev.precept.store.ObjectStore;
import dev.precept.store.ParallelCalls;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Compares stored checkpoints with the commits of their chains. */
record CheckpointCheck(Map<ChainId, TreeMap<Long, Commit>> chains) {
    private static final int IN_FLIGHT = 16;

    static CheckpointCheck of(List<ChainCommits> chains) {
        Map<ChainId, TreeMap<Long, Commit>> commits = new HashMap<>();
        for (ChainCommits chain : chains) {
            TreeMap<Long, Commit> byStart = new TreeMap<>();
            chain.commits().forEach(commit -> byStart.put(commit.from(), commit));
            commits.put(chain.chain().id(), byStart);
        }
        return new CheckpointCheck(commits);
    }

    List<Checkpoints.Invalid> verify(ObjectStore store) throws IOException {
        List<Optional<Checkpoints.Invalid>> found = ParallelCalls.map(
                store.list(ChainId.CHECKPOINTS),
                IN_FLIGHT,
                key -> problem(store, key).map(why -> new Checkpoints.Invalid(key, why)));
        return found.stream().flatMap(Optional::stream).toList();
    }

    private Optional<String> problem(ObjectStore store, String key) throws IOException {
        Optional<ChainId.CheckpointName> name = ChainId.parseCheckpointKey(key);
        if (name.isEmpty()) {
            return Optional.of("is not a checkpoint");
        }
        TreeMap<Long, Commit> commits = chains.get(name.get().chain());
        if (commits == null) {
            return Optional.of("is a checkpoint of a chain that no run of this dataset writes");
        }
        Optional<byte[]> content = store.read(key);
        if (content.isEmpty()) {
            return Optional.empty(); // deleted concurrently
        }
        try {
            List<Commit> held = Checkpoint.read(key, name.get(), content.get());
            List<Commit> stored = List.copyOf(
                    commits.subMap(name.get().from(), name.get().to()).values());
            return held.equals(stored) ? Optional.empty() : Optional.of("differs from the commits of its chain");
        } catch (StoreException.Corrupt e) {
            return Optional.of("is damaged (" + e.getMessage() + ")");
        }
    }
}
