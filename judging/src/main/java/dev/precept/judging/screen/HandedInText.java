package dev.precept.judging.screen;

import dev.precept.text.AhoCorasick;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Finds phrases by which a completion betrays that a text was handed in with its request: "the policies provided", "as the
 * instructions say", "this answer complies with the policy". What the conversation holds is the user's. Immutable; a search
 * takes time proportional to the text.
 */
final class HandedInText {
    /** A text without the end of a sentence is searched in pieces. */
    private static final int LONGEST = 600;

    private static final List<LeakPhrase> PHRASES = LeakPhrases.ALL;
    /** What the phrases need, each once. */
    private static final List<String> NEEDED = PHRASES.stream()
            .flatMap(phrase -> phrase.needs().stream())
            .distinct()
            .toList();

    private static final AhoCorasick NEEDS = new AhoCorasick(NEEDED);
    /** By what is needed: the phrases that need it. */
    private static final List<BitSet> NEEDED_BY = NEEDED.stream()
            .map(need -> phrases(phrase -> phrase.needs().contains(need)))
            .toList();

    private static final BitSet OF_ANSWERS = phrases(phrase -> phrase.isOf(true));
    private static final BitSet OF_REASONINGS = phrases(phrase -> phrase.isOf(false));

    private HandedInText() {}

    private static BitSet phrases(Predicate<LeakPhrase> predicate) {
        BitSet phrases = new BitSet(PHRASES.size());
        for (int i = 0; i < PHRASES.size(); i++) {
            phrases.set(i, predicate.test(PHRASES.get(i)));
        }
        return phrases;
    }

    /**
     * The sentences with a phrase of each kind.
     *
     * @param text visible text in lower case
     * @param answer whether it is the answer, and not the reasoning
     */
    static Map<LeakKind, Integer> count(String text, boolean answer, UserWords user) {
        Map<LeakKind, Integer> counts = new EnumMap<>(LeakKind.class);
        BitSet needs = new BitSet(NEEDED.size());
        BitSet candidates = new BitSet(PHRASES.size());
        int from = 0;
        while (from < text.length()) {
            int to = endOfSentence(text, from);
            needs.clear();
            NEEDS.find(text, from, to, needs);
            if (!needs.isEmpty()) {
                candidates.clear();
                needs.stream().forEach(need -> candidates.or(NEEDED_BY.get(need)));
                candidates.and(answer ? OF_ANSWERS : OF_REASONINGS);
                find(text.substring(from, to), candidates, user)
                        .ifPresent(phrase -> counts.merge(phrase.kind(), 1, Integer::sum));
            }
            from = to;
        }
        return counts;
    }

    /** The first phrase in a sentence: one betrays it. */
    private static Optional<LeakPhrase> find(String sentence, BitSet candidates, UserWords user) {
        return candidates.stream()
                .mapToObj(PHRASES::get)
                .filter(phrase -> phrase.isIn(sentence, user))
                .findFirst();
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
