package dev.precept.judging.screen;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Finds phrases by which a completion betrays that a text was handed in with its request: "the policies provided", "as the
 * instructions say", "this answer complies with the policy". What the conversation holds is the user's. Immutable; a search
 * takes time proportional to the text.
 */
final class HandedInText {
    /** A text without the end of a sentence is searched in pieces. */
    private static final int LONGEST = 600;

    private HandedInText() {}

    /**
     * The sentences with a phrase of each kind.
     *
     * @param text visible text in lower case
     * @param answer whether it is the answer, and not the reasoning
     */
    static Map<LeakKind, Integer> count(String text, boolean answer, UserWords user) {
        Map<LeakKind, Integer> counts = new EnumMap<>(LeakKind.class);
        List<LeakPhrase> phrases = new ArrayList<>();
        for (LeakPhrase phrase : LeakPhrases.ALL) {
            if (phrase.isOf(answer) && phrase.mayBeIn(text)) {
                phrases.add(phrase);
            }
        }
        if (phrases.isEmpty()) {
            return counts;
        }
        int from = 0;
        while (from < text.length()) {
            int to = endOfSentence(text, from);
            count(text.substring(from, to), phrases, user, counts);
            from = to;
        }
        return counts;
    }

    private static void count(
            String sentence, List<LeakPhrase> phrases, UserWords user, Map<LeakKind, Integer> counts) {
        for (LeakPhrase phrase : phrases) {
            if (phrase.mayBeIn(sentence) && phrase.isIn(sentence, user)) {
                counts.merge(phrase.kind(), 1, Integer::sum);
                return; // one phrase betrays the sentence
            }
        }
    }

    private static int endOfSentence(String text, int from) {
        int most = Math.min(text.length(), from + LONGEST);
        for (int at = from; at < most; at++) {
            char c = text.charAt(at);
            boolean end = c == '\n'
                    || c == '。'
                    || c == '！'
                    || c == '？'
                    || ((c == '.' || c == '!' || c == '?')
                            && (at + 1 >= text.length() || Character.isWhitespace(text.charAt(at + 1))));
            if (end) {
                return at + 1;
            }
        }
        return most;
    }
}
