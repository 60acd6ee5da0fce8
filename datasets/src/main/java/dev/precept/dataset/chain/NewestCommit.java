package dev.precept.dataset.chain;

import dev.precept.store.ObjectStore;
import dev.precept.store.ObjectStore.ObjectInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the newest commit of a chain with few listings. A chain of more than one page of keys is listed from its newest
 * checkpoint; only the name of the checkpoint is used, and only if a commit starts where it starts.
 */
record NewestCommit(ObjectStore store, ChainId id) {
    /** A server returns at most this many keys for one request. */
    private static final int PAGE = 1_000;

    /**
     * Where the newest commit starts, or 0.
     *
     * @param hint an offset at which a commit may start
     */
    long start(long hint) throws IOException {
        if (hint > 0) {
            Optional<Long> newest = newestFrom(hint);
            if (newest.isPresent()) {
                return newest.get();
            }
        }
        List<Long> first = starts("", PAGE);
        if (first.size() < PAGE) {
            return first.isEmpty() ? 0 : first.getLast();
        }
        Optional<Long> newest = newestFrom(checkpointed());
        return newest.isPresent() ? newest.get() : starts("", Integer.MAX_VALUE).getLast();
    }

    /** Empty unless a commit starts at the offset. */
    private Optional<Long> newestFrom(long offset) throws IOException {
        List<Long> starts = starts(offset == 0 ? "" : id.commitKey(offset - 1), Integer.MAX_VALUE);
        return starts.isEmpty() || starts.getFirst() != offset ? Optional.empty() : Optional.of(starts.getLast());
    }

    private List<Long> starts(String after, int most) throws IOException {
        List<Long> starts = new ArrayList<>();
        store.visitObjects(id.logFolder(), after, object -> {
            ChainId.parseCommitKey(object.key()).ifPresent(position -> starts.add(position.from()));
            return starts.size() < most;
        });
        return starts;
    }

    /** Where the newest checkpoint starts, or 0. */
    private long checkpointed() throws IOException {
        List<ObjectInfo> checkpoints = store.listObjects(id.checkpointFolder());
        return checkpoints.isEmpty()
                ? 0
                : ChainId.parseCheckpointKey(checkpoints.getLast().key())
                        .map(ChainId.CheckpointName::from)
                        .orElse(0L);
    }
}
