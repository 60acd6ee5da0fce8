package dev.precept.chattemplate;

/** White space as defined by Python's {@code str.strip}. */
public final class Whitespace {
    private Whitespace() {}

    public static boolean isWhitespace(char c) {
        return Character.isWhitespace(c) || c == '\u0085' || c == '\u00a0' || c == '\u2007' || c == '\u202f';
    }

    /** The index of the first character from here that is not white space. */
    public static int skipWhitespace(String text, int from) {
        int at = from;
        while (at < text.length() && isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    static String stripEnd(String text) {
        int end = text.length();
        while (end > 0 && isWhitespace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }

    /** The text without white space at its ends. */
    public static String strip(String text) {
        String kept = stripEnd(text);
        return kept.substring(skipWhitespace(kept, 0));
    }
}
