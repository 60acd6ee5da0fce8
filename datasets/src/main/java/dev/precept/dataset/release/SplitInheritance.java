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
 * @param toValidation prompts in train that the share places in validation; with {@code resplit} those of earlier versions
 * @param toTrain prompts in validation that the share places in train; with {@code resplit} those of earlier versions
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
            SelectionCounts counts,
            Spool spool)
            throws IOException {
        if (before.isEmpty()) {
            return Optional.empty();
        }
        if (!isResplit) {
            Map<Split, Long> held = counts.heldPrompts();
            return Optional.of(new SplitInheritance(
                    before.get(),
                    counts.prompts(),
                    false,
                    held.getOrDefault(Split.TRAIN, 0L),
                    held.getOrDefault(Split.VALIDATION, 0L)));
        }
        try (SplitExceptions moved = SplitExceptions.find(
                dataset,
                new SplitAssigner(settings.validation()),
                SplitSettings.splitsOf(before.get()),
                spool,
                Parallel.threads())) {
            return Optional.of(
                    new SplitInheritance(before.get(), counts.prompts(), true, moved.toValidation(), moved.toTrain()));
        }
    }
}
