package dev.precept.dataset.release;

import dev.precept.config.NearDuplicateSettings;
import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.Hash;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.neardup.SimilarTexts;
import dev.precept.dataset.view.RowKind;
import dev.precept.dataset.view.View;
import dev.precept.text.Banding;
import java.util.List;

/**
 * The temporary files that a release needs at most, estimated from the sizes of the committed files before any is read.
 *
 * @param indexBytes of the index
 * @param selectionBytes while the rows are selected
 * @param rowBytes of the samples of all passes together
 * @param shardBytes of finished shards that are not stored yet
 * @param passes readings of the committed files after the first one
 * @param peakBytes all temporary files at one time, within the limit
 * @param leastBytes the smallest limit that is enough, with the most passes
 */
public record DiskEstimate(
        long indexBytes,
        long selectionBytes,
        long rowBytes,
        long shardBytes,
        long passes,
        long peakBytes,
        long leastBytes) {
    /** A text of medium length is compared by words and by characters. */
    private static final int MOST_SHINGLINGS = 2;

    /**
     * Estimates the need of one process.
     *
     * @param share of the shards that the process makes, in (0, 1]
     * @param limit of the spool
     */
    static DiskEstimate of(CommittedRows rows, ReleaseSettings settings, double share, long limit, int threads) {
        RowSizes sizes = RowSizes.of(rows);
        long shards = settings.shards();
        long index = indexBytes(sizes, settings);
        long selection = Math.max(
                placementBytes(sizes, settings),
                settings.nearDuplicates().isOn() || settings.curation().isOn() ? selectionBytes(sizes, settings) : 0);
        long spooled = 0;
        long written = 0;
        for (RowKind rowKind : RowKind.values()) {
            List<View> views = settings.views().stream()
                    .filter(view -> view.rowKind() == rowKind)
                    .toList();
            if (!views.isEmpty() || rowKind == RowKind.SAMPLE) {
                spooled += (long) (sizes.spooled(rowKind, sizes.samples()) * share);
                written = Math.max(written, sizes.written(views, sizes.samples()) / shards);
            }
        }
        long least = Math.max(selection, index + written + ShardMaker.RANGE_BYTES);
        written *= ShardMaker.shardsAtOnce(threads);
        long budget = Math.max(1, limit - index - written);
        long passes = Math.max(1, Math.ceilDiv(spooled, budget));
        long peak = Math.min(limit, Math.max(selection, index + written + Math.ceilDiv(spooled, passes)));
        return new DiskEstimate(index, selection, spooled, written, passes, peak, least);
    }

    /** What is needed to place similar prompts in one split, before rows are selected, if every row has a prompt of its own. */
    private static long placementBytes(RowSizes sizes, ReleaseSettings settings) {
        Manifest.ReleaseRecipe recipe = settings.recipe(List.of());
        if (!SplitSettings.isClustered(recipe)) {
            return 0;
        }
        List<Manifest.EarlierSplits> versions = PromptPlacement.versions(recipe);
        long prompts = sizes.samples() + (PromptPlacement.hasAttempts(versions) ? sizes.rejections() : 0);
        int bands = MOST_SHINGLINGS
                * Banding.of(PromptPlacement.leastThreshold(versions)).bands();
        return prompts
                        * Math.max(
                                PromptPlacement.sortedBytesOfRow(versions.size()),
                                PromptPlacement.BYTES_OF_PROMPT + SimilarTexts.bytesOfText(bands))
                + sizes.spooled(RowKind.SAMPLE, prompts);
    }

    /** What the search for near-duplicates needs if every text is similar to another one. */
    private static long selectionBytes(RowSizes sizes, ReleaseSettings settings) {
        Manifest.NearDuplicates policies = settings.nearDuplicates();
        int bands = MOST_SHINGLINGS * Banding.of(policies.threshold()).bands();
        long bytes = OrderedCandidates.BYTES_OF_ROW + NearDuplicates.BYTES_OF_ROW;
        long searched = 0;
        if (policies.prompts() != NearDuplicateSettings.Policy.OFF) {
            searched += SimilarTexts.bytesOfText(bands);
        }
        if (policies.samples() != NearDuplicateSettings.Policy.OFF) {
            searched += SimilarTexts.bytesOfText(bands);
        }
        searched += settings.curation().bytesOfRow() + splitBytes(settings);
        long candidates = sizes.samples() + (settings.threshold().isPresent() ? sizes.rejections() : 0);
        return indexBytesOfRejections(sizes, settings)
                + candidates * (bytes + searched)
                + sizes.spooled(RowKind.SAMPLE, candidates);
    }

    private static long indexBytes(RowSizes sizes, ReleaseSettings settings) {
        boolean hasPairs = settings.views().stream().anyMatch(view -> view.rowKind() == RowKind.PAIR);
        boolean hasPrompts = settings.views().stream().anyMatch(view -> view.rowKind() == RowKind.PROMPT);
        boolean hasThreshold = settings.threshold().isPresent();
        long scanned = (long) Candidate.WIDTH + (hasThreshold ? Hash.BYTES + RemovedEntry.WIDTH : 0);
        long sorted = (long) IndexFiles.KEPT_WIDTH
                + 2 * Hash.BYTES
                + splitBytes(settings)
                + (hasPairs ? JudgedEntry.WIDTH : 0)
                + (hasPrompts ? PromptEntry.WIDTH : 0);
        return sizes.samples() * Math.max(scanned, sorted) + indexBytesOfRejections(sizes, settings);
    }

    /** The prompts that are not where the share places them; they are there twice while they are sorted. */
    private static long splitBytes(ReleaseSettings settings) {
        return settings.splits().earlier().isEmpty() && !SplitSettings.isClustered(settings.recipe(List.of()))
                ? 0
                : 2 * SplitExceptions.WIDTH;
    }

    private static long indexBytesOfRejections(RowSizes sizes, ReleaseSettings settings) {
        boolean hasPairs = settings.views().stream().anyMatch(view -> view.rowKind() == RowKind.PAIR);
        boolean hasThreshold = settings.threshold().isPresent();
        long rejection = (hasPairs ? (long) JudgedEntry.WIDTH : 0) + (hasThreshold ? SlotEntry.WIDTH : 0);
        return sizes.rejections() * rejection;
    }
}
