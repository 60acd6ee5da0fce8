package dev.precept.text;

import java.util.Locale;

/**
 * The tokens of a text, joined by single spaces, in buffers that are used again. Letter case, white space, punctuation,
 * Markdown and invisible characters are gone. A token is a run of letters, digits and their marks; in scripts without spaces
 * each character is one. Mathematical and currency symbols are tokens, and so is an operator beside a digit: {@code 3 - 4}
 * and {@code 3 / 4} differ. Not thread-safe.
 */
public final class Tokens {
    /** Stands for an asterisk while Markdown escapes are removed, which would remove it too. */
    private static final char ASTERISK = '\u2217';

    /** Quote marks and spaces that begin a line, at most. */
    private static final int QUOTE_MARKS = 8;

    private char[] source = new char[1 << 12];
    private int sourceLength;
    private char[] chars = new char[1 << 12];
    private int length;
    private boolean written = true;
    private long[] hashes = new long[1 << 12];
    private int count;
    private long hash;

    /** Replaces the tokens by those of a text. */
    public void read(String text) {
        take(text);
        if (readByTable()) {
            written = false;
        } else {
            readByRules(text);
        }
        if (count > 0) {
            length--; // the space after the last token
        }
    }

    /** As {@link #read}, by the rules for whole texts. */
    void readByRules(String text) {
        take(FoldedText.visible(text.replace('*', ASTERISK)).toLowerCase(Locale.ROOT));
        readCodePoints();
        written = true;
    }

    public int count() {
        return count;
    }

    /** The hash of a token. */
    public long hash(int token) {
        return hashes[token];
    }

    /** Characters of all tokens, with the spaces between them. */
    public int length() {
        return length;
    }

    public char charAt(int at) {
        return chars()[at];
    }

    @Override
    public String toString() {
        return new String(chars(), 0, length);
    }

    private char[] chars() {
        if (!written) {
            writeChars();
        }
        return chars;
    }

    private void take(String text) {
        sourceLength = text.length();
        if (source.length < sourceLength) {
            source = new char[Math.max(sourceLength, 2 * source.length)];
        }
        text.getChars(0, sourceLength, source, 0);
        int most = 2 * sourceLength + 1; // each character a token
        if (chars.length < most) {
            chars = new char[Math.max(most, 2 * chars.length)];
        }
        if (hashes.length <= sourceLength) {
            hashes = new long[Math.max(sourceLength + 1, 2 * hashes.length)];
        }
        length = 0;
        count = 0;
        hash = 0;
    }

    /**
     * Returns false at the first character that the table does not tell about. Has no branch on whether a character is part
     * of a token, which no processor predicts, and leaves the characters to {@link #writeChars}: long texts need none.
     */
    private boolean readByTable() {
        char[] from = source;
        long[] ends = hashes;
        int end = sourceLength;
        int tokens = 0;
        int characters = 0;
        int open = 0; // 1 within a token
        long running = 0;
        for (int at = 0; at < end; at++) {
            char c = from[at];
            char folded = CharTable.folded(c);
            int part = (CharTable.OTHER - folded) >>> 31; // 1 for a letter or digit
            ends[tokens] = running;
            tokens += open & ~part;
            characters += part;
            running = (Long.rotateLeft(running, 5) + CharTable.foldedValue(c)) & -(long) part;
            open = part;
            if (folded == CharTable.OTHER) {
                return false;
            }
            if (folded == CharTable.SYMBOL && isToken(c, at)) {
                ends[tokens++] = CharTable.value(c);
                characters++;
            }
        }
        count = tokens;
        if (open == 1) {
            add(running);
        }
        length = characters + count; // each token and a space
        return true;
    }

    /** Writes what {@link #readByTable} has read. */
    private void writeChars() {
        char[] to = chars;
        int next = 0;
        boolean open = false;
        for (int at = 0; at < sourceLength; at++) {
            char folded = CharTable.folded(source[at]);
            if (folded > CharTable.OTHER) {
                to[next++] = folded;
                open = true;
                continue;
            }
            if (open) {
                to[next++] = ' ';
                open = false;
            }
            if (folded == CharTable.SYMBOL && isToken(source[at], at)) {
                to[next++] = source[at];
                to[next++] = ' ';
            }
        }
        written = true;
    }

    private void readCodePoints() {
        boolean open = false;
        boolean openAlone = false;
        for (int at = 0; at < sourceLength; ) {
            int c = Character.codePointAt(source, at, sourceLength);
            int end = at + Character.charCount(c);
            boolean letter = Character.isLetterOrDigit(c);
            boolean alone = letter && FoldedText.isUnspaced(c);
            boolean part = letter || (open && FoldedText.isMark(c));
            if (open && (!part || (letter && (alone || openAlone)))) {
                end();
                open = false;
            }
            if (part) {
                append(at, end);
                openAlone = letter ? alone : openAlone;
                open = true;
            } else if (c == ASTERISK) {
                if (isToken('*', at)) {
                    source[at] = '*';
                    append(at, end);
                    end();
                    source[at] = ASTERISK;
                }
            } else if ((CharTable.isOperator(c) || CharTable.isSymbol(c)) && isToken(c, at)) {
                append(at, end);
                end();
            }
            at = end;
        }
        if (open) {
            end();
        }
    }

    private void append(int from, int to) {
        for (int at = from; at < to; at++) {
            chars[length++] = source[at];
            hash = Long.rotateLeft(hash, 5) + CharTable.value(source[at]);
        }
    }

    private void end() {
        add(hash);
        hash = 0;
        chars[length++] = ' ';
    }

    private void add(long tokenHash) {
        hashes[count++] = tokenHash;
    }

    /** Whether a symbol is a token at its place. */
    private boolean isToken(int c, int at) {
        return switch (c) {
            case '>' -> !isQuoteMark(at);
            case '%' -> isDigit(operand(at, -1));
            case '-' -> (at + 1 < sourceLength && isDigit(source[at + 1])) || isBetweenOperands(at);
            case '*', '/', '^' -> isBetweenOperands(at);
            default -> true;
        };
    }

    /** Whether only quote marks of Markdown, spaces and backslashes of escapes are before it in its line. */
    private boolean isQuoteMark(int at) {
        int marks = 0;
        for (int before = at - 1; before >= 0 && marks < QUOTE_MARKS; before--) {
            char c = source[before];
            if (c == '\n' || c == '\r') {
                return true;
            }
            if (c != '\\') {
                if (!isSpace(c) && c != '>') {
                    return false;
                }
                marks++;
            }
        }
        return marks < QUOTE_MARKS;
    }

    /** Whether both neighbours can be operands, and one is a digit. */
    private boolean isBetweenOperands(int at) {
        char left = operand(at, -1);
        char right = operand(at, 1);
        return isOperand(left) && isOperand(right) && (isDigit(left) || isDigit(right));
    }

    /** The next character in a direction, without spaces and the backslashes of escapes; 0 if there is none. */
    private char operand(int at, int step) {
        for (int next = at + step; next >= 0 && next < sourceLength; next += step) {
            char c = source[next];
            if (!isSpace(c) && c != '\\') {
                return c;
            }
        }
        return 0;
    }

    private static boolean isOperand(char c) {
        return Character.isLetterOrDigit(c) || c == '(' || c == ')';
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\u00A0'; // the second is the first in normal form KC
    }

    private static boolean isDigit(char c) {
        return Character.isDigit(c);
    }
}
