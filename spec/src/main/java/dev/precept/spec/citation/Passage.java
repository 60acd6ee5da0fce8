package dev.precept.spec.citation;

import dev.precept.text.SearchedText;
import dev.precept.text.WordHashes;
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

    static Passage read(SearchedText original) {
        String text = original.visible();
        String lowerCase = original.lowerCase();
        boolean aligned = lowerCase.length() == text.length();
        List<Word> words = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            int end = at + Character.charCount(c);
            if (isPart(c)) {
                if (!isAlone(c)) {
                    end = endOfWord(text, end);
                }
                String word = aligned
                        ? lowerCase.substring(at, end)
                        : text.substring(at, end).toLowerCase(Locale.ROOT);
                words.add(new Word(word, at, end));
            }
            at = end;
        }
        return new Passage(text, List.copyOf(words));
    }

    private static int endOfWord(String text, int from) {
        int end = from;
        while (end < text.length()) {
            int c = text.codePointAt(end);
            if (!isPart(c) || isAlone(c)) {
                return end;
            }
            end += Character.charCount(c);
        }
        return end;
    }

    private static boolean isPart(int c) {
        return Character.isLetterOrDigit(c) || (c >= 0x80 && Character.getType(c) == Character.NON_SPACING_MARK);
    }

    /** Chinese is written without spaces: each character is a word. */
    private static boolean isAlone(int c) {
        return c >= 0x2E80 && Character.UnicodeScript.of(c) == Character.UnicodeScript.HAN;
    }

    /** The words of a text in lower case. */
    static List<String> wordsOf(String text) {
        return read(SearchedText.of(text)).words().stream().map(Word::text).toList();
    }

    long[] wordHashes() {
        return WordHashes.of(words.stream().map(Word::text).toList());
    }

    /** The words, with a space around each. */
    static String spaced(String text) {
        return spaced(wordsOf(text));
    }

    static String spaced(List<String> words) {
        return words.stream().collect(Collectors.joining(" ", " ", " "));
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
