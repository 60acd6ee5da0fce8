package dev.precept.console.rows;

import java.util.Locale;
import java.util.Optional;

/** What became of a row. */
enum RowOutcome {
    /** A sample, in a dataset. */
    ACCEPTED(0),
    /** A failed attempt, or the end of a slot that had none. */
    REJECTED(1),
    /** The end of a slot without a usable prompt. */
    INVALID(2),
    /** A sample that the version has. */
    KEPT(3),
    /** A sample that the version leaves out. */
    REMOVED(4);

    private static final RowOutcome[] ALL = values();

    private final byte code;

    RowOutcome(int code) {
        this.code = (byte) code;
    }

    /** In the index. */
    byte code() {
        return code;
    }

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
