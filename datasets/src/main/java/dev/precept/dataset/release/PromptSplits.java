package dev.precept.dataset.release;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.Hash;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.spool.Spool;
import dev.precept.dataset.view.Split;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** The split of each prompt of a version: what an earlier version decided, else by the share. Reads may be concurrent. */
final class PromptSplits implements AutoCloseable {
    private final SplitAssigner assigner;
    private final Optional<SplitExceptions> exceptions;

    private PromptSplits(SplitAssigner assigner, Optional<SplitExceptions> exceptions) {
        this.assigner = assigner;
        this.exceptions = exceptions;
    }

    static PromptSplits byShare(double validation) {
        return new PromptSplits(new SplitAssigner(validation), Optional.empty());
    }

    /** The splits of a version by its recipe. */
    static PromptSplits open(Dataset dataset, Manifest.ReleaseRecipe recipe, Spool spool, int threads)
            throws IOException {
        SplitAssigner assigner = new SplitAssigner(recipe.validation());
        return recipe.earlierSplits().isEmpty()
                ? byShare(recipe.validation())
                : new PromptSplits(
                        assigner,
                        Optional.of(SplitExceptions.find(dataset, assigner, recipe.earlierSplits(), spool, threads)));
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

    /** The prompts that are not where the share alone would place them. */
    Optional<SplitExceptions> exceptions() {
        return exceptions;
    }

    @Override
    public void close() throws IOException {
        if (exceptions.isPresent()) {
            exceptions.get().close();
        }
    }
}
