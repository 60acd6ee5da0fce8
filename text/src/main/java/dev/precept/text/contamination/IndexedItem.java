package dev.precept.text.contamination;

/**
 * What is kept of an evaluation question.
 *
 * @param set number of its set
 * @param tokens of the question
 * @param whole hash of the question
 * @param rule how the question is found
 * @param grams hashes, in order: of its runs for ngram13, of its 5-grams for idf
 * @param parts hashes of its options, or of its answer
 * @param lengths tokens of the parts
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record IndexedItem(int set, long row, int tokens, long whole, Rule rule, long[] grams, long[] parts, int[] lengths) {
    /** How a question is found. */
    enum Rule {
        /** As the method says; also if it is a whole turn. */
        METHOD,
        /** Only if it is a whole turn: it is too short, or has no words of its own. */
        TURN,
        /** Only with all its options near it, in any order. */
        OPTIONS
    }

    boolean isAnswered() {
        return rule == Rule.METHOD && parts.length > 0;
    }
}
