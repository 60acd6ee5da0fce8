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
        METHOD('m'),
        /** Only if it is a whole turn: it is too short, or has no words of its own. */
        TURN('t'),
        /** Only with all its options near it, in any order. */
        OPTIONS('o');

        private final char code;

        Rule(char code) {
            this.code = code;
        }

        /** In the frozen file. */
        int code() {
            return code;
        }

        /** @throws IllegalArgumentException if no rule has the code */
        static Rule of(int code) {
            for (Rule rule : values()) {
                if (rule.code == code) {
                    return rule;
                }
            }
            throw new IllegalArgumentException("incomplete file of compiled evaluation sets: rule " + code);
        }
    }

    boolean isAnswered() {
        return rule == Rule.METHOD && parts.length > 0;
    }
}
