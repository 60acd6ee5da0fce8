package dev.precept.dataset.verify;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.InvalidDocumentException;
import dev.precept.dataset.Journal;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Withdrawal;
import dev.precept.dataset.calibration.Calibration;
import dev.precept.dataset.gate.RefGates;
import dev.precept.dataset.gate.VersionEvaluation;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;

/**
 * Checks what keeps rows out of versions, what guards the moves of refs, and what persons say of verdicts. Without an entry
 * that is lost, withdrawn rows would come back, or an older gate or verdict would count.
 */
final class JournalCheck {
    private static final String RESTORE = "put it back from a backup";
    private static final String NO_VERSION = "until it is put back, no version can be made";
    private static final String NO_MOVE = "until it is put back, no ref that a gate guards can move";

    private final Dataset dataset;
    private final Collection<String> keys;
    private final VerificationReport report;

    private interface Reading {
        void read() throws IOException;
    }

    JournalCheck(Dataset dataset, Collection<String> keys, VerificationReport report) {
        this.dataset = dataset;
        this.keys = keys;
        this.report = report;
    }

    /** @param versions that may have evaluations */
    void check(Collection<String> versions) throws IOException {
        check(Layout.WITHDRAWALS, NO_VERSION, () -> Withdrawal.read(dataset));
        check(Layout.GATES, NO_MOVE, () -> new RefGates(dataset).newest());
        for (String version : versions) {
            check(Layout.evaluationsOf(version), NO_MOVE, () -> VersionEvaluation.newest(dataset, version));
        }
        check(Layout.CALIBRATIONS, RESTORE, () -> Calibration.readAll(dataset));
    }

    private void check(String prefix, String remedy, Reading reading) throws IOException {
        List<Long> numbers = keys.stream()
                .map(key -> Journal.number(prefix, key))
                .filter(OptionalLong::isPresent)
                .map(OptionalLong::getAsLong)
                .sorted()
                .toList();
        long next = 1;
        for (long number : numbers) {
            if (number != next) {
                report.addProblem(Layout.journalEntry(prefix, next), "is missing, but later entries exist", RESTORE);
            }
            next = number + 1;
        }
        try {
            reading.read();
        } catch (InvalidDocumentException e) {
            report.addProblem(prefix, "cannot be read (" + e.getMessage() + ")", remedy);
        }
    }
}
