package dev.precept.dataset.removal;

import dev.precept.dataset.CommittedFile;
import dev.precept.dataset.FileRange;
import dev.precept.dataset.Rewrites;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.chain.Commit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What each data file is to the commits and rewrites of a dataset. To be safe against commits and rewrites that happen
 * meanwhile, list the files first, then read the rewrites, then the commits.
 */
public final class DataFiles {
    private final Rewrites rewrites;
    private final Set<ChainId> open;
    private final Set<String> current = new HashSet<>();
    private final Map<ChainId, Long> ends = new HashMap<>();

    /** @param open chains to which a run may still append */
    public DataFiles(Map<ChainId, List<Commit>> chains, Rewrites rewrites, Set<ChainId> open) {
        this.rewrites = rewrites;
        this.open = Set.copyOf(open);
        chains.forEach((chain, commits) -> {
            for (FileRange range : rewrites.ranges(chain, commits)) {
                range.file().map(CommittedFile::key).ifPresent(current::add);
                ends.merge(chain, range.to(), Math::max);
            }
        });
    }

    /** What a data file is. */
    public enum State {
        /** It holds the rows of a commit. */
        CURRENT,
        /** A rewrite that is not done may name it. */
        PLANNED,
        /** It starts where its chain ends, and a sink may still commit it. */
        PENDING,
        /** It starts where its chain ends, and no run appends to the chain. */
        ABANDONED,
        /** A purge or a compaction replaced it. */
        REPLACED,
        /** It starts before the end of its chain, so it can never be committed. */
        SUPERSEDED
    }

    /** The state of a data file, by what its key says. */
    public State stateOf(String key, ChainId.DataKey data) {
        long end = ends.getOrDefault(data.chain(), 0L);
        if (current.contains(key)) {
            return State.CURRENT;
        } else if (data.rewrite() >= rewrites.nextNumber()) {
            return State.PLANNED;
        } else if (data.rewrite() > 0 || replacedBy(data) > 0) {
            return State.REPLACED;
        } else if (data.from() < end) {
            return State.SUPERSEDED;
        }
        return open.contains(data.chain()) ? State.PENDING : State.ABANDONED;
    }

    /** The number of the last rewrite that replaced rows in the range of a file; 0 if none did. */
    public long replacedBy(ChainId.DataKey data) {
        return rewrites.lastRewriteOf(data.chain(), data.from(), data.to());
    }

    /** The number of the last purge of rows that a file may have if it is not current; 0 if there is none. */
    public long purgeOf(ChainId.DataKey data) {
        return rewrites.lastPurgeOf(data.chain(), data.from(), data.to());
    }
}
