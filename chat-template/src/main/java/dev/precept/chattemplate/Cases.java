package dev.precept.chattemplate;

import java.util.Locale;
import java.util.regex.Pattern;

/** Case conversions of Python and Jinja. */
final class Cases {
    private static final Pattern WORD = Pattern.compile("[^-\\s({\\[<]+");

    private Cases() {}

    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.offsetByCodePoints(0, 1);
        return text.substring(0, first).toUpperCase(Locale.ROOT)
                + text.substring(first).toLowerCase(Locale.ROOT);
    }

    /** As {@code str.title}: every run of letters is a word. */
    static String title(String text) {
        StringBuilder titled = new StringBuilder();
        boolean inside = false;
        for (int c : text.codePoints().toArray()) {
            titled.appendCodePoint(inside ? Character.toLowerCase(c) : Character.toTitleCase(c));
            inside = Character.isLetter(c);
        }
        return titled.toString();
    }

    /** As the filter {@code title}: an apostrophe is part of a word. */
    static String titleWords(String text) {
        return WORD.matcher(text)
                .replaceAll(word -> java.util.regex.Matcher.quoteReplacement(capitalize(word.group())));
    }
}
