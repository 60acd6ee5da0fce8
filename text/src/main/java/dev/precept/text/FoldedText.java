package dev.precept.text;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Forms of a text in which differences that a reader does not see are gone, so that a search for known text is not misled by
 * them. Pure functions.
 */
public final class FoldedText {
    /** Scripts without spaces between words. */
    private static final Set<UnicodeScript> UNSPACED = Set.of(
            UnicodeScript.HAN,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.THAI,
            UnicodeScript.LAO,
            UnicodeScript.KHMER,
            UnicodeScript.MYANMAR);

    /**
     * Marks on one character, at most; the others are dropped, since the time of normal forms grows with their square (Unicode
     * Standard Annex 15, stream-safe text).
     */
    private static final int MARKS = 30;

    private FoldedText() {}

    /**
     * The text without invisible characters, asterisks and the backslashes of Markdown escapes, in Unicode normal form KC,
     * with typographic hyphens as {@code -} and at most 30 marks on a character. Letter case and white space stay.
     */
    public static String visible(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        boolean ascii = true;
        int marks = 0;
        for (int at = 0; at < text.length(); ) {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            if (c == '*' || isInvisible(c) || (c == '\\' && at < text.length() && isPunctuation(text.charAt(at)))) {
                continue;
            }
            if (c >= 0x80) {
                ascii = false;
                marks = isMark(c) ? marks + 1 : 0;
                if (marks > MARKS) {
                    continue;
                }
            } else {
                marks = 0;
            }
            visible.appendCodePoint(c == '\u2212' ? '-' : c);
        }
        return ascii
                ? visible.toString()
                : Normalizer.normalize(visible, Normalizer.Form.NFKC).replace('\u2010', '-');
    }

    /**
     * The words of a text in lower case. A word is a run of letters, digits and their marks; in scripts without spaces each
     * character is a word. White space, punctuation and Markdown only separate words, and do not occur in them.
     */
    public static List<String> words(String text) {
        String visible = visible(text).toLowerCase(Locale.ROOT);
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean wasAlone = false;
        for (int at = 0; at < visible.length(); ) {
            int c = visible.codePointAt(at);
            at += Character.charCount(c);
            if (c == '`') {
                continue; // code spans may begin within a word
            }
            boolean letter = Character.isLetterOrDigit(c);
            boolean part = letter || (isMark(c) && !word.isEmpty());
            boolean alone = letter && isUnspaced(c);
            if (!word.isEmpty() && (!part || (letter && (alone || wasAlone)))) {
                words.add(word.toString());
                word.setLength(0);
            }
            if (part) {
                word.appendCodePoint(c);
                wasAlone = letter ? alone : wasAlone;
            }
        }
        if (!word.isEmpty()) {
            words.add(word.toString());
        }
        return words;
    }

    static boolean isUnspaced(int c) {
        return UNSPACED.contains(UnicodeScript.of(c));
    }

    static boolean isMark(int c) {
        return Character.getType(c) == Character.NON_SPACING_MARK
                || Character.getType(c) == Character.COMBINING_SPACING_MARK;
    }

    private static boolean isInvisible(int c) {
        return switch (c) {
            case 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0 -> true;
            default ->
                Character.getType(c) == Character.FORMAT
                        || (c >= 0xFE00 && c <= 0xFE0F)
                        || (c >= 0xE0100 && c <= 0xE01EF);
        };
    }

    private static boolean isPunctuation(char c) {
        return c > ' ' && c < 0x7F && !Character.isLetterOrDigit(c);
    }
}
