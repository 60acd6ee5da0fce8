package dev.precept.text;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

    /** Thai begins here. */
    private static final int FIRST_UNSPACED = 0x0E00;

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
        int first = 0;
        while (first < text.length() && isPlain(text.charAt(first))) {
            first++;
        }
        return first == text.length() ? text : folded(text);
    }

    /** Whether a character is in every visible text as it is. */
    private static boolean isPlain(char c) {
        return c < 0x80 && c != '*' && c != '\\';
    }

    private static String folded(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        return strip(text, visible, null)
                ? visible.toString()
                : Normalizer.normalize(visible, Normalizer.Form.NFKC).replace('\u2010', '-');
    }

    /**
     * Appends the characters of a text that are visible, before they are normalized.
     *
     * @param places gets for each appended character the offset in the text; null if that is not needed
     * @return whether all are ASCII
     */
    static boolean strip(String text, StringBuilder visible, int @Nullable [] places) {
        boolean ascii = true;
        int marks = 0;
        for (int at = 0; at < text.length(); ) {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            if (c == '*'
                    || (c >= 0x80 && isInvisible(c))
                    || (c == '\\' && at < text.length() && isPunctuation(text.charAt(at)))) {
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
            if (places != null) {
                int from = at - Character.charCount(c);
                for (int i = from; i < at; i++) {
                    places[visible.length() + i - from] = i;
                }
            }
            visible.appendCodePoint(c == '\u2212' ? '-' : c);
        }
        return ascii;
    }

    /**
     * The words of a text in lower case. A word is a run of letters, digits and their marks; in scripts without spaces each
     * character is a word. White space, punctuation and Markdown only separate words, and do not occur in them.
     */
    public static List<String> words(String text) {
        return wordsOf(visible(text).toLowerCase(Locale.ROOT));
    }

    /** @param visible text in lower case */
    static List<String> wordsOf(String visible) {
        String text = visible.replace("`", ""); // code spans may begin within a word
        List<String> words = new ArrayList<>();
        int start = -1; // of the word that is being read
        boolean wasAlone = false;
        for (int at = 0; at < text.length(); ) {
            int c = text.codePointAt(at);
            boolean letter = Character.isLetterOrDigit(c);
            boolean part = letter || (start >= 0 && isMark(c));
            boolean alone = letter && isUnspaced(c);
            if (start >= 0 && (!part || (letter && (alone || wasAlone)))) {
                words.add(text.substring(start, at));
                start = -1;
            }
            if (part) {
                start = start < 0 ? at : start;
                wasAlone = letter ? alone : wasAlone;
            }
            at += Character.charCount(c);
        }
        if (start >= 0) {
            words.add(text.substring(start));
        }
        return words;
    }

    static boolean isUnspaced(int c) {
        return c >= FIRST_UNSPACED && UNSPACED.contains(UnicodeScript.of(c));
    }

    static boolean isMark(int c) {
        return c >= 0x80
                && (Character.getType(c) == Character.NON_SPACING_MARK
                        || Character.getType(c) == Character.COMBINING_SPACING_MARK);
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
