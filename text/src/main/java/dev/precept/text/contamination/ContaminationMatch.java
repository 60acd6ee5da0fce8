package dev.precept.text.contamination;

/**
 * A question of an evaluation set in a text.
 *
 * @param words of the text that match, folded; at most {@value #MOST_WORDS}
 * @param score share of the question that the text holds, 0 to 1
 */
public record ContaminationMatch(String set, long row, String words, MatchMethod method, double score) {
    static final int MOST_WORDS = 20;
}
