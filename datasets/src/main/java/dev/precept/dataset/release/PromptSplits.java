package dev.precept.dataset.release;

import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Hash;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.spool.EntryBuckets;
import dev.precept.dataset.spool.Spool;
import dev.precept.dataset.view.Split;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The split of each prompt of a version: what an earlier version or a similar prompt decided, else by the share. Reads may be
 * concurrent.
 */
final class PromptSplits implements AutoCloseable {
    private final SplitAssigner assigner;
    private final Optional<SplitExceptions> exceptions;
    private final Optional<SplitExceptions> bridges;
    /** Prompts that the share of an earlier version placed elsewhere than that of this one would. */
    private final Optional<SplitExceptions> held;

    private PromptSplits(
            SplitAssigner assigner,
            Optional<SplitExceptions> exceptions,
            Optional<SplitExceptions> bridges,
            Optional<SplitExceptions> held) {
        this.assigner = assigner;
        this.exceptions = exceptions;
        this.bridges = bridges;
        this.held = held;
    }

    static PromptSplits byShare(double validation) {
        return new PromptSplits(new SplitAssigner(validation), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * The splits of a version by its recipe.
     *
     * @param rows of the version
     */
    static PromptSplits open(
            Dataset dataset, Manifest.ReleaseRecipe recipe, CommittedRows rows, Spool spool, int threads)
            throws IOException {
        SplitAssigner assigner = new SplitAssigner(recipe.validation());
        if (SplitSettings.isClustered(recipe)) {
            return place(dataset, recipe, rows, spool, threads);
        } else if (recipe.earlierSplits().isEmpty()) {
            return byShare(recipe.validation());
        }
        SplitExceptions exceptions = SplitExceptions.find(dataset, assigner, recipe.earlierSplits(), spool, threads);
        return new PromptSplits(assigner, Optional.of(exceptions), Optional.empty(), Optional.of(exceptions));
    }

    private static PromptSplits place(
            Dataset dataset, Manifest.ReleaseRecipe recipe, CommittedRows rows, Spool spool, int threads)
            throws IOException {
        List<Manifest.EarlierSplits> versions = PromptPlacement.versions(recipe);
        SplitAssigner assigner = new SplitAssigner(recipe.validation());
        EntryBuckets exceptions = new EntryBuckets(spool, "other-split", Hash.BYTES, 2);
        EntryBuckets held = new EntryBuckets(spool, "held-by-share", Hash.BYTES, 2);
        EntryBuckets bridges = new EntryBuckets(spool, "bridges", Hash.BYTES, 2);
        PromptPlacement.run(dataset, versions, rows, spool, threads, (prompt, version, split) -> {
            String id = Hash.from(prompt, 0).toString();
            if (split.isEmpty()) {
                bridges.add(prompt);
            } else if (split.get() != assigner.splitOf(id)) {
                exceptions.add(prompt);
                boolean isByShare = new SplitAssigner(versions.get(version).validation()).splitOf(id) == split.get();
                if (version < versions.size() - 1 && isByShare) {
                    held.add(prompt);
                }
            }
        });
        return new PromptSplits(
                assigner,
                Optional.of(SplitExceptions.of(exceptions, assigner, spool, "placed-elsewhere")),
                sorted(bridges, assigner, spool, "split-bridges"),
                sorted(held, assigner, spool, "split-held"));
    }

    private static Optional<SplitExceptions> sorted(
            EntryBuckets prompts, SplitAssigner assigner, Spool spool, String name) throws IOException {
        return prompts.entries() == 0
                ? Optional.empty()
                : Optional.of(SplitExceptions.of(prompts, assigner, spool, name));
    }

    /** Whether any prompt is similar to prompts of both splits. */
    boolean hasBridges() {
        return bridges.isPresent();
    }

    /** Whether the prompt at a position of an entry is similar to prompts of both splits, so that it belongs to none. */
    boolean isBridge(byte[] entry, int at) throws IOException {
        return bridges.isPresent() && bridges.get().contains(Arrays.copyOfRange(entry, at, at + Hash.BYTES));
    }

    /** The split of the prompt whose hash is at a position of an entry. */
    Split splitOf(byte[] entry, int at) throws IOException {
        return splitOf(Hash.from(entry, at).toString(), Arrays.copyOfRange(entry, at, at + Hash.BYTES));
    }

    Split splitOf(String promptId) throws IOException {
        return splitOf(
                promptId,
                Hash.of(promptId).putInto(ByteBuffer.allocate(Hash.BYTES)).array());
    }

    private Split splitOf(String promptId, byte[] hash) throws IOException {
        Split byShare = assigner.splitOf(promptId);
        if (exceptions.isPresent() && exceptions.get().contains(hash)) {
            return byShare == Split.TRAIN ? Split.VALIDATION : Split.TRAIN;
        }
        return byShare;
    }

    /** Whether a prompt is where the share of an earlier version placed it, and that of this one would not. */
    boolean isHeld(byte[] prompt) throws IOException {
        return held.isPresent() && held.get().contains(prompt);
    }

    @Override
    public void close() throws IOException {
        if (exceptions.isPresent()) {
            exceptions.get().close();
        }
        if (bridges.isPresent()) {
            bridges.get().close();
        }
        if (held.isPresent() && !held.equals(exceptions)) {
            held.get().close();
        }
    }
}
