package dev.precept.dataset.release;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.Refs;
import dev.precept.dataset.spool.Parallel;
import dev.precept.dataset.spool.Spool;
import dev.precept.dataset.view.Split;
import java.io.IOException;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * What a version took over of the splits of the version before.
 *
 * @param before its manifest
 * @param prompts prompts of the new version, by split
 * @param resplit whether prompts were moved to where the share places them; else those below stayed
 * @param toValidation prompts of the train split of earlier versions that the share places in validation
 * @param toTrain prompts of the validation split of earlier versions that the share places in train
 */
public record SplitInheritance(
        Manifest before, Map<Split, Long> prompts, boolean resplit, long toValidation, long toTrain) {
    /**
     * The version that one of all commits takes its splits from: that which {@code latest} names. To take a version back, move
     * the ref.
     */
    public static Optional<Manifest> newest(Dataset dataset) throws IOException {
        Optional<Manifest> latest =
                dataset.refs().latestMove(Refs.LATEST).map(Refs.Move::version).flatMap(dataset.versions()::manifest);
        if (latest.isPresent()) {
            return latest;
        }
        // A release that was killed before it moved the ref: the one that has read the most commits.
        return dataset.versions().all().stream()
                .map(dataset.versions()::manifest)
                .flatMap(Optional::stream)
                .max(Comparator.comparingLong(SplitInheritance::committed).thenComparing(Manifest::version));
    }

    private static long committed(Manifest version) {
        return version.offsets().stream().mapToLong(Manifest.ChainOffset::to).sum();
    }

    /** What a version with these settings takes over; empty for the first one. */
    static Optional<SplitInheritance> of(
            Dataset dataset,
            Optional<Manifest> before,
            ReleaseSettings settings,
            boolean isResplit,
            Map<Split, Long> prompts,
            PromptSplits splits,
            Spool spool)
            throws IOException {
        if (before.isEmpty()) {
            return Optional.empty();
        }
        if (!isResplit) {
            return Optional.of(of(before.get(), prompts, false, splits.inherited()));
        }
        try (SplitExceptions moved = SplitExceptions.find(
                dataset,
                new SplitAssigner(settings.validation()),
                SplitSettings.splitsOf(before.get()),
                spool,
                Parallel.threads())) {
            return Optional.of(
                    of(before.get(), prompts, true, new PromptSplits.Inherited(moved.toValidation(), moved.toTrain())));
        }
    }

    private static SplitInheritance of(
            Manifest before, Map<Split, Long> prompts, boolean isResplit, PromptSplits.Inherited inherited) {
        return new SplitInheritance(before, prompts, isResplit, inherited.inTrain(), inherited.inValidation());
    }
}
