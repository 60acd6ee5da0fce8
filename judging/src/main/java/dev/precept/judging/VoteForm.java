package dev.precept.judging;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * How a judge has written a vote. A judge that is asked for an object with whole numbers and writes them otherwise may do
 * more than that otherwise, so the forms are counted. None of them changes what a vote says.
 *
 * @param notation of its scores; of several the one that is farthest from a whole number
 * @param surroundings of the object
 */
record VoteForm(Notation notation, Surroundings surroundings) {
    private static final Pattern OPENING_FENCE = Pattern.compile("(?s)(?:```|~~~)\\s*\\w*");
    private static final Pattern CLOSING_FENCE = Pattern.compile("(?:```|~~~)");
    private static final String THINKING_END = "</think>";

    /** Of a score. */
    enum Notation {
        /** {@code 4}. */
        NUMBER,
        /** {@code 4.0}, {@code 0.4e1}. */
        DECIMAL,
        /** {@code "4"}. */
        TEXT;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        Notation or(Notation other) {
            return compareTo(other) >= 0 ? this : other;
        }
    }

    /** What stands around the object. */
    enum Surroundings {
        /** Nothing. */
        ALONE,
        /** A code fence and nothing else. */
        FENCED,
        /** Other text. */
        WITH_TEXT,
        /** Thinking before it, up to its end tag, that is not known as the reasoning of the reply. */
        AFTER_THINK;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Surroundings around(String answer, JsonObjects.Found object) {
        String before = answer.substring(0, object.from()).strip();
        String after = answer.substring(object.to()).strip();
        if (before.contains(THINKING_END)) {
            return Surroundings.AFTER_THINK;
        }
        if (before.isEmpty() && after.isEmpty()) {
            return Surroundings.ALONE;
        }
        return OPENING_FENCE.matcher(before).matches()
                        && CLOSING_FENCE.matcher(after).matches()
                ? Surroundings.FENCED
                : Surroundings.WITH_TEXT;
    }
}
