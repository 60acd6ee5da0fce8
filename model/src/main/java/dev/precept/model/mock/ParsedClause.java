package dev.precept.model.mock;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A clause of a request.
 *
 * @param action as the hints have it; empty for a clause without a hint
 * @param words of heading and hint, for matching
 * @param body text up to the next heading; quoted, never searched
 */
record ParsedClause(String id, String heading, Optional<ExpectedAction> action, Set<String> words, String body) {
    private static final int MAX_QUOTE_LENGTH = 600;

    /** The action of the hint; without one, the action that the heading or the quote names, which is to comply if none is. */
    ExpectedAction expectedAction() {
        String text = heading + "\n" + quote();
        return action.orElseGet(() -> Stream.of(ExpectedAction.SAFE_COMPLETE, ExpectedAction.REFUSE)
                .filter(named -> named.isNamedIn(text))
                .findFirst()
                .orElse(ExpectedAction.COMPLY));
    }

    /** The first paragraph of the body, cut after a sentence where it is too long. */
    String quote() {
        String paragraph = body.strip().split("\\n\\s*\\n", 2)[0].strip();
        if (paragraph.length() <= MAX_QUOTE_LENGTH) {
            return paragraph;
        }
        String cut = paragraph.substring(0, MAX_QUOTE_LENGTH);
        int end = Math.max(cut.lastIndexOf(". "), Math.max(cut.lastIndexOf("! "), cut.lastIndexOf("? ")));
        return end < 0 ? cut : cut.substring(0, end + 1);
    }
}
