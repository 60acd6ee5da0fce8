package dev.precept.chattemplate;

import java.util.Locale;
import java.util.regex.Pattern;

/** Upper and lower case of words. */
final class Cases {
    private static final Pattern WORD = Pattern.compile("[^-\\s({\\[<]+");

    private Cases() {}

    static String capitalized(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.offsetByCodePoints(0, 1);
        return text.substring(0, first).toUpperCase(Locale.ROOT)
                + text.substring(first).toLowerCase(Locale.ROOT);
    }

    /** As {@code str.title} does: every run of letters is a word. */
    static String titled(String text) {
        StringBuilder titled = new StringBuilder();
        boolean inside = false;
        for (int c : text.codePoints().toArray()) {
            titled.appendCodePoint(inside ? Character.toLowerCase(c) : Character.toTitleCase(c));
            inside = Character.isLetter(c);
        }
        return titled.toString();
    }

    /** As the filter {@code title} does: an apostrophe is inside of a word. */
    static String titledWords(String text) {
        return WORD.matcher(text)
                .replaceAll(word -> java.util.regex.Matcher.quoteReplacement(capitalized(word.group())));
    }
}
