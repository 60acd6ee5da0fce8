package dev.precept.spec.citation;

import dev.precept.text.FoldedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A text and its words with their places.
 *
 * @param text visible text
 * @param words in order
 */
record Passage(String text, List<Word> words) {
    /** @param text in lower case */
    record Word(String text, int start, int end) {}

    static Passage read(String original) {
        String text = FoldedText.visible(original);
        List<Word> words = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            int end = at + Character.charCount(c);
            if (isPart(c)) {
                while (!isAlone(c)
                        && end < text.length()
                        && isPart(text.codePointAt(end))
                        && !isAlone(text.codePointAt(end))) {
                    end += Character.charCount(text.codePointAt(end));
                }
                words.add(new Word(text.substring(at, end).toLowerCase(Locale.ROOT), at, end));
            }
            at = end;
        }
        return new Passage(text, List.copyOf(words));
    }

    private static boolean isPart(int c) {
        return Character.isLetterOrDigit(c) || Character.getType(c) == Character.NON_SPACING_MARK;
    }

    /** Chinese is written without spaces: each character is a word. */
    private static boolean isAlone(int c) {
        return c >= 0x2E80 && Character.UnicodeScript.of(c) == Character.UnicodeScript.HAN;
    }

    /** The words of a text in lower case. */
    static List<String> wordsOf(String text) {
        return read(text).words().stream().map(Word::text).toList();
    }

    /** The words, with a space around each. */
    static String spaced(String text) {
        return wordsOf(text).stream().collect(Collectors.joining(" ", " ", " "));
    }

    /** What stands between a word and the next one. */
    String gapAfter(int word) {
        int from = words.get(word).end();
        int to = word + 1 < words.size() ? words.get(word + 1).start() : text.length();
        return text.substring(from, Math.min(to, from + 8));
    }

    /** Whether nothing but white space, or a few marks, stands between a word and the next one. */
    boolean isJoined(int word, String marks) {
        return gapAfter(word).chars().allMatch(c -> c == ' ' || c == '\u00a0' || marks.indexOf(c) >= 0);
    }

    /** Whether a word starts with a capital. */
    boolean isCapital(int word) {
        return Character.isUpperCase(text.codePointAt(words.get(word).start()));
    }
}
