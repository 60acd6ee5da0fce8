package dev.precept.dataset.release;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.Refs;
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
}
