package dev.precept.model.mock;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Extracts the words of a text, without stop words. */
final class Keywords {
    private static final Pattern WORD = Pattern.compile("\\p{L}{3,}");
    private static final Set<String> STOP = Set.of(
            "about", "also", "and", "any", "are", "because", "been", "but", "can", "could", "did", "does", "don", "for",
            "from", "get", "give", "had", "has", "have", "her", "him", "his", "how", "into", "its", "just", "let",
            "like", "make", "may", "more", "most", "much", "need", "not", "our", "out", "over", "please", "she",
            "should", "some", "such", "tell", "than", "that", "the", "their", "them", "then", "there", "these", "they",
            "this", "those", "too", "use", "very", "want", "was", "way", "were", "what", "when", "where", "which",
            "who", "why", "will", "with", "would", "you", "your");

    private Keywords() {}

    /** Distinct, lower case, in order of first appearance. */
    static Set<String> of(String text) {
        Set<String> words = new LinkedHashSet<>();
        WORD.matcher(text.toLowerCase(Locale.ROOT))
                .results()
                .map(MatchResult::group)
                .forEach(words::add);
        words.removeAll(STOP);
        return words;
    }
}
