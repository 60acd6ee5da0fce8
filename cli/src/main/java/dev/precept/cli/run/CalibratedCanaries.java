package dev.precept.cli.run;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.calibration.CalibratedRow;
import dev.precept.dataset.calibration.Calibration.Verdict;
import dev.precept.judging.canary.KnownAnswer;
import dev.precept.spec.Specification;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rows of a dataset that persons have judged, as canaries of its judges. */
final class CalibratedCanaries {
    private CalibratedCanaries() {}

    /**
     * Those that are stored now. One that a judge cannot see as a canary, such as one whose categories are of an earlier
     * specification, is left out with a line that says why.
     *
     * @param specification of the run; empty where the process does not have it
     */
    static List<KnownAnswer> read(Optional<Dataset> dataset, Optional<Specification> specification, PrintStream err) {
        if (dataset.isEmpty()) {
            return List.of();
        }
        List<KnownAnswer> canaries = new ArrayList<>();
        for (CalibratedRow row : rows(dataset.get())) {
            KnownAnswer canary = canary(row);
            Optional<String> why = problem(canary, specification);
            if (why.isEmpty()) {
                canaries.add(canary);
            } else {
                err.println("note: " + canary.id() + " is no canary of this run: " + why.get());
            }
        }
        return canaries;
    }

    private static List<CalibratedRow> rows(Dataset dataset) {
        try {
            return CalibratedRow.readAll(dataset);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the calibrations of " + dataset.location(), e);
        }
    }

    private static Optional<String> problem(KnownAnswer canary, Optional<Specification> specification) {
        if (canary.categories().isEmpty()) {
            return Optional.of("its prompt has no category, so there are no clauses to judge it by");
        }
        if (canary.answer().isBlank()) {
            return Optional.of("the row has no answer");
        }
        return specification
                .map(known -> known.unknownCategories(canary.categories()))
                .filter(unknown -> !unknown.isEmpty())
                .map(unknown -> "the specification has no category '" + String.join("', '", unknown) + "'");
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
