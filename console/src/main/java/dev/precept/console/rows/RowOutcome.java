package dev.precept.console.rows;

import java.util.Locale;
import java.util.Optional;

/** What became of a row. */
enum RowOutcome {
    /** A sample, in a dataset. */
    ACCEPTED,
    /** A failed attempt, or the end of a slot that had none. */
    REJECTED,
    /** The end of a slot without a usable prompt. */
    INVALID,
    /** A sample that the version has. */
    KEPT,
    /** A sample that the version leaves out. */
    REMOVED;

    private static final RowOutcome[] ALL = values();

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it is a sample that readers of the dataset or the version get. */
    boolean isKept() {
        return this == ACCEPTED || this == KEPT;
    }

    static RowOutcome of(byte code) {
        return ALL[code];
    }

    static Optional<RowOutcome> byLabel(String label) {
        for (RowOutcome outcome : ALL) {
            if (outcome.label().equals(label)) {
                return Optional.of(outcome);
            }
        }
        return Optional.empty();
    }
}
