package dev.precept.evaluation.compare;

import java.util.Comparator;
import java.util.Optional;

/**
 * A question in two evaluations.
 *
 * @param set its set; empty for multiple choice
 * @param number of its row
 * @param label of the prompt; empty for multiple choice
 * @param scoring of the set; empty for multiple choice
 * @param asked the SHA-256 of prompt and category, which may be those of another column; empty for multiple choice
 */
record RowKey(String set, int number, String label, String scoring, String asked) implements Comparable<RowKey> {
    private static final Comparator<RowKey> ORDER = Comparator.comparing(RowKey::set)
            .thenComparing(RowKey::label)
            .thenComparingInt(RowKey::number)
            .thenComparing(RowKey::scoring)
            .thenComparing(RowKey::asked);

    @Override
    public int compareTo(RowKey other) {
        return ORDER.compare(this, other);
    }

    String group() {
        return set + ", " + label;
    }

    /** The number of the chart that the row counts in. */
    Optional<String> measure() {
        if (scoring.equals("style")) {
            return Optional.empty();
        }
        return Optional.of(label.equals("benign") ? "not_overrefuse" : "not_unsafe");
    }
}
