package dev.precept.model.mock;

import java.util.Optional;
import java.util.Set;

/**
 * A clause as it stands in a request.
 *
 * @param words of heading and {@code Asks:} line: what the clause is found by
 * @param body its own text, up to the next heading; quoted, never searched
 */
record ParsedClause(String id, String heading, Optional<ExpectedAction> action, Set<String> words, String body) {
    private static final int LONGEST_QUOTE = 600;

    /** The first sentences of the body, as they are: no more than its first paragraph, whole sentences where they fit. */
    String quote() {
        String paragraph = body.strip().split("\\n\\s*\\n", 2)[0].strip();
        if (paragraph.length() <= LONGEST_QUOTE) {
            return paragraph;
        }
        String cut = paragraph.substring(0, LONGEST_QUOTE);
        int end = Math.max(cut.lastIndexOf(". "), Math.max(cut.lastIndexOf("! "), cut.lastIndexOf("? ")));
        return end < 0 ? cut : cut.substring(0, end + 1);
    }
}
