package dev.precept.cli.run;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.calibration.CalibratedRow;
import dev.precept.dataset.calibration.Calibration.Verdict;
import dev.precept.judging.canary.KnownAnswer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** The rows of a dataset that persons have judged, as canaries of its judges. */
final class CalibratedCanaries {
    private CalibratedCanaries() {}

    /** Those that are stored now; one without a category has no clauses that it could be judged by, and is left out. */
    static List<KnownAnswer> read(Optional<Dataset> dataset) {
        if (dataset.isEmpty()) {
            return List.of();
        }
        try {
            return CalibratedRow.readAll(dataset.get()).stream()
                    .filter(row -> !row.categories().isEmpty() && !row.answer().isBlank())
                    .map(CalibratedCanaries::canary)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot read the calibrations of " + dataset.get().location(), e);
        }
    }

    private static KnownAnswer canary(CalibratedRow row) {
        return new KnownAnswer(
                "calibration-" + row.calibration().number(),
                row.calibration().verdict() == Verdict.KEEP,
                row.conversation(),
                row.categories(),
                row.reasoning(),
                row.answer());
    }
}
