package dev.precept.text;

import java.util.Locale;

/**
 * What a character is in a text without characters that need the rules of Unicode for whole texts (normal forms, marks,
 * scripts without spaces). Made from those rules, so that both ways to read a text give the same tokens.
 */
final class CharTable {
    /** Separates tokens. */
    static final char SEPARATOR = 0;

    /** A token of its own, at some places. */
    static final char SYMBOL = 1;

    /** Only the rules for whole texts tell what this is. */
    static final char OTHER = 2;

    private static final String OPERATORS = "-*/%^";

    /** Latin, Greek and Cyrillic. */
    private static final int SIZE = 0x530;

    private static final char[] FOLDED = new char[SIZE];
    private static final long[] VALUES = new long[SIZE];
    private static final long[] FOLDED_VALUES = new long[SIZE];

    static {
        for (char c = 0; c < SIZE; c++) {
            FOLDED[c] = fold(c);
            VALUES[c] = hash(c);
            FOLDED_VALUES[c] = hash(FOLDED[c]);
        }
    }

    private CharTable() {}

    /** {@link #SEPARATOR}, {@link #SYMBOL}, {@link #OTHER}, or the lower-case form of a letter or digit. */
    static char folded(char c) {
        return c < SIZE ? FOLDED[c] : punctuation(c);
    }

    /** The hash of a character of a token. */
    static long value(char c) {
        return c < SIZE ? VALUES[c] : hash(c);
    }

    /** The hash of the lower-case form of a letter or digit that the table has. */
    static long foldedValue(char c) {
        return c < SIZE ? FOLDED_VALUES[c] : 0;
    }

    static boolean isOperator(int c) {
        return OPERATORS.indexOf(c) >= 0;
    }

    /** Mathematical and currency symbols, without those that are punctuation in Markdown. */
    static boolean isSymbol(int c) {
        int type = Character.getType(c);
        return (type == Character.MATH_SYMBOL || type == Character.CURRENCY_SYMBOL) && c != '|' && c != '~';
    }

    private static long hash(char c) {
        return Mix.mix((c + 1L) * Mix.GOLDEN);
    }

    private static char punctuation(char c) {
        return switch (c) {
            case '\u2013', '\u2014', '\u2018', '\u2019', '\u201C', '\u201D', '\u2022', '\u2026' -> SEPARATOR;
            default -> OTHER;
        };
    }

    private static char fold(char c) {
        String text = Character.toString(c);
        if (isOperator(c)) {
            return SYMBOL;
        }
        if (c == '\u00A0') {
            return SEPARATOR; // a space in normal form KC
        }
        String lower = text.toLowerCase(Locale.ROOT);
        if (!FoldedText.visible(text).equals(text)
                || lower.length() != 1
                || c == '\u03A3' // sigma has another small form at the end of a word
                || FoldedText.isMark(c)) {
            return OTHER;
        }
        if (Character.isLetterOrDigit(c)) {
            return lower.charAt(0);
        }
        return isSymbol(c) ? SYMBOL : SEPARATOR;
    }
}
