package dev.precept.text;

import java.util.Arrays;
import java.util.Locale;

/**
 * The tokens of a text, joined by single spaces, in a buffer that is used again. Letter case, white space, punctuation, Markdown and
 * invisible characters are gone. A token is a run of letters, digits and their marks; in scripts without spaces each
 * character is one. Mathematical and currency symbols are tokens, and so is an operator beside a digit: {@code 3 - 4} and
 * {@code 3 / 4} differ. Not thread-safe.
 */
final class Tokens {
    private static final String OPERATORS = "-*/%^";

    private char[] chars = new char[1 << 12];
    private int[] starts = new int[1 << 9];
    private int length;
    private int count;

    /** Replaces the tokens by those of a text. */
    void read(String text) {
        length = 0;
        count = 0;
        if (isAscii(text)) {
            readAscii(text);
        } else {
            readUnicode(FoldedText.visible(text.replace('*', '\u2217')).toLowerCase(Locale.ROOT));
        }
        if (count > 0) {
            length--; // the space after the last token
        }
    }

    int count() {
        return count;
    }

    /** Characters of all tokens, with the spaces between them. */
    int length() {
        return length;
    }

    char[] chars() {
        return chars;
    }

    int start(int token) {
        return starts[token];
    }

    int end(int token) {
        return token + 1 == count ? length : starts[token + 1] - 1;
    }

    private static boolean isAscii(String text) {
        for (int at = 0; at < text.length(); at++) {
            if (text.charAt(at) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private void readAscii(String text) {
        reserve(2 * text.length() + 2);
        boolean inToken = false;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
                inToken = append(c, inToken);
            } else if (c >= 'A' && c <= 'Z') {
                inToken = append((char) (c | 0x20), inToken);
            } else {
                inToken = end(inToken);
                if (isSymbol(c) || (OPERATORS.indexOf(c) >= 0 && isBesideDigit(text, at))) {
                    inToken = end(append(c, false));
                }
            }
        }
        end(inToken);
    }

    private void readUnicode(String text) {
        reserve(2 * text.length() + 2);
        boolean inToken = false;
        for (int at = 0; at < text.length(); ) {
            int c = text.codePointAt(at);
            int next = at + Character.charCount(c);
            if (Character.isLetterOrDigit(c) || (inToken && FoldedText.isMark(c))) {
                boolean alone = FoldedText.isUnspaced(c);
                if (alone) {
                    inToken = end(inToken);
                }
                for (; at < next; at++) {
                    inToken = append(text.charAt(at), inToken);
                }
                if (alone) {
                    inToken = end(inToken);
                }
            } else {
                inToken = end(inToken);
                int operator = c == '\u2217' ? '*' : c;
                if (operator == '*' || OPERATORS.indexOf(operator) >= 0) {
                    if (isBesideDigit(text, at)) {
                        inToken = end(append((char) operator, false));
                    }
                } else if (isSymbol(c)) {
                    for (; at < next; at++) {
                        inToken = append(text.charAt(at), inToken);
                    }
                    inToken = end(inToken);
                }
            }
            at = next;
        }
        end(inToken);
    }

    private static boolean isSymbol(int c) {
        int type = Character.getType(c);
        return type == Character.MATH_SYMBOL || type == Character.CURRENCY_SYMBOL;
    }

    private static boolean isBesideDigit(String text, int at) {
        return isDigitFrom(text, at, 1) || isDigitFrom(text, at, -1);
    }

    /** Whether the next character in a direction, spaces aside, is a digit. */
    private static boolean isDigitFrom(String text, int at, int step) {
        int to = at + step;
        while (to >= 0 && to < text.length() && text.charAt(to) == ' ') {
            to += step;
        }
        return to >= 0 && to < text.length() && Character.isDigit(text.charAt(to));
    }

    /** Appends a character to the token, or begins one with it. */
    private boolean append(char c, boolean inToken) {
        if (!inToken) {
            if (count == starts.length) {
                starts = Arrays.copyOf(starts, 2 * count);
            }
            starts[count++] = length;
        }
        chars[length++] = c;
        return true;
    }

    private boolean end(boolean inToken) {
        if (inToken) {
            chars[length++] = ' ';
        }
        return false;
    }

    private void reserve(int size) {
        if (chars.length < size) {
            chars = new char[Math.max(size, 2 * chars.length)];
        }
    }
}
