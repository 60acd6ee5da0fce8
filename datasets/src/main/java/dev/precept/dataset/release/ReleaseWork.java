package dev.precept.dataset.release;

import dev.precept.config.ConfigurationException;
import dev.precept.dataset.semantic.SemanticDuplicates;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Where a process works on a version, and which part of the version is its own. Several processes that execute one plan make
 * the same files as one process does.
 *
 * @param spool local folder for temporary files; emptied at the end
 * @param spoolBytes limit of the temporary files
 * @param share from 0
 * @param shares number of processes that make the version
 * @param listener receives the estimated size of the temporary files before any is written
 * @param embeddings receives what is left to compute before an embedding model is called
 * @param isAgain whether a version is made again without the rows that were withdrawn since then. That must not depend on a
 *     server: where vectors of its prompts are no longer known, it leaves out for their meaning what the version before did
 */
public record ReleaseWork(
        Path spool,
        long spoolBytes,
        int share,
        int shares,
        Consumer<DiskEstimate> listener,
        Consumer<SemanticDuplicates.Estimate> embeddings,
        boolean isAgain) {
    /** Of a version that is not made again. */
    public ReleaseWork(
            Path spool,
            long spoolBytes,
            int share,
            int shares,
            Consumer<DiskEstimate> listener,
            Consumer<SemanticDuplicates.Estimate> embeddings) {
        this(spool, spoolBytes, share, shares, listener, embeddings, false);
    }

    /** Without a listener for embeddings. */
    public ReleaseWork(Path spool, long spoolBytes, int share, int shares, Consumer<DiskEstimate> listener) {
        this(spool, spoolBytes, share, shares, listener, _ -> {});
    }

    public ReleaseWork {
        if (shares < 1 || share < 0 || share >= shares) {
            throw new ConfigurationException(
                    "--range " + share + ": is not one of " + shares + " ranges; give a number from 0 to --ranges - 1");
        }
    }

    /** All of a version, without a limit of the temporary files. */
    public static ReleaseWork alone(Path spool) {
        return new ReleaseWork(spool, Long.MAX_VALUE, 0, 1, estimate -> {});
    }

    /** All of a version that is made again, without a limit of the temporary files. */
    public static ReleaseWork again(Path spool) {
        return new ReleaseWork(spool, Long.MAX_VALUE, 0, 1, estimate -> {}, _ -> {}, true);
    }

    /** @throws ConfigurationException if the limit is too small for any number of passes */
    void announce(DiskEstimate estimate) {
        long least = estimate.leastBytes();
        if (least > spoolBytes) {
            throw new ConfigurationException("--spool-bytes: this release needs about " + least
                    + " bytes of temporary files in " + spool + ", " + spoolBytes + " are allowed; give more, more"
                    + " shards, or a folder with more space (--spool)");
        }
        listener.accept(estimate);
    }

    /** Whether a shard is part of this share; shares are ranges of the order of rows. */
    boolean contains(int shard, int shards) {
        return (long) shard * shares / shards == share;
    }

    /** @throws ConfigurationException if a share would have no shard */
    void requireUseful(int shards) {
        if (shares > shards) {
            throw new ConfigurationException("--ranges " + shares + ": the version has " + shards
                    + " shards of each view and split, and a range has at least one; give at most " + shards);
        }
    }
}
