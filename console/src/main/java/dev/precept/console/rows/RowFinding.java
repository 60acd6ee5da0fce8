package dev.precept.console.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is notable about a row; each is one bit of the index. */
enum RowFinding {
    /** The reasoning cites something that the specification does not have. */
    FALSE_CITATION(1),
    /** Pieces of the request, or words for a text that was handed in. */
    LEAK(2),
    PERSONAL_DATA(4),
    /** An apology and an inability, and nothing else. */
    HARD_REFUSAL(8),
    /** It resembles an earlier row. */
    NEAR_DUPLICATE(16),
    /** The attempt corrects an earlier one. */
    REPAIRED(32);

    /** All bits of the index. */
    static final int BITS = 6;

    private final int bit;

    RowFinding(int bit) {
        this.bit = bit;
    }

    int bit() {
        return bit;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<RowFinding> byLabel(String label) {
        for (RowFinding finding : values()) {
            if (finding.label().equals(label)) {
                return Optional.of(finding);
            }
        }
        return Optional.empty();
    }

    /** The findings of some bits that a list names; a repair is shown apart. */
    static List<String> labels(int bits) {
        List<String> labels = new ArrayList<>();
        for (RowFinding finding : values()) {
            if (finding != REPAIRED && (bits & finding.bit()) != 0) {
                labels.add(finding.label());
            }
        }
        return labels;
    }
}
