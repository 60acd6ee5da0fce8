package dev.precept.dataset.chain;

import dev.precept.store.StoreException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The commits of a chain when it was listed.
 *
 * @param commits in order, each starts where the one before ends, the first at offset 0
 * @param loose stored keys that are not reached from offset 0
 * @param broken why the commit after the last one cannot be read; empty if it can, or if there is none
 */
public record ChainCommits(
        Chain chain, List<Commit> commits, List<String> loose, Optional<StoreException.Corrupt> broken) {

    /** The offset of the next commit. */
    public long to() {
        return commits.isEmpty() ? 0 : commits.getLast().to();
    }

    /**
     * The runs whose last record of this partition is committed.
     *
     * @throws StoreException.Corrupt as {@link #requireContiguous}
     */
    public Set<String> completedRuns() throws IOException {
        return requireContiguous().stream()
                .flatMap(commit -> commit.completed().stream())
                .collect(Collectors.toSet());
    }

    /**
     * All commits.
     *
     * @throws StoreException.Corrupt if a commit cannot be read, or is not reached from offset 0
     */
    public List<Commit> requireContiguous() throws IOException {
        if (broken.isPresent()) {
            throw broken.get();
        }
        if (!loose.isEmpty()) {
            throw new StoreException.Corrupt(
                    chain.where("the chain " + chain.id().logFolder())
                            + " has a gap: " + loose.size() + " commits are not reached from offset 0, the first is "
                            + loose.getFirst());
        }
        return commits;
    }
}
