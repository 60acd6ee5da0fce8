package dev.precept.text.contamination;

import java.util.List;

/**
 * One question of an evaluation set.
 *
 * @param set name of the set
 * @param row where it is in the set
 * @param options the choices, in any order; empty if the question has none
 * @param answer the answer of a question without options; empty if it is unknown
 */
public record EvaluationItem(String set, long row, String question, List<String> options, String answer) {
    public EvaluationItem {
        options = List.copyOf(options);
    }

    /** A question alone. */
    public EvaluationItem(String set, long row, String question) {
        this(set, row, question, List.of(), "");
    }
}
