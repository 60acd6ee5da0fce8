package dev.precept.console.rows;

import java.util.List;

/** The values of the columns of an index, which its segments name by number. Thread-safe. */
final class RowColumns {
    /** The absent reason has number 0. */
    final Values<String> reasons = new Values<>();

    /** The absent style has number 0. */
    final Values<String> styles = new Values<>();

    /** Sets of categories: a row may have several. */
    final Values<List<String>> categories = new Values<>();

    /** Sets of clauses that a reasoning cites. */
    final Values<List<String>> clauses = new Values<>();

    /** Names of sources; the file where a row names none. */
    final Values<String> sources = new Values<>();

    /** Versions of specifications; the absent one has number 0. */
    final Values<String> specifications = new Values<>();

    RowColumns() {
        reasons.code("");
        styles.code("");
        specifications.code("");
    }
}
