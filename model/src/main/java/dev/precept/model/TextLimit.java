package dev.precept.model;

import java.nio.charset.StandardCharsets;

/** Limits the size of text from outside. Pure functions. */
public final class TextLimit {
    /** Limit on explanations: the words of a provider, the reason of a vote. */
    public static final int EXPLANATION_BYTES = 4 << 10;

    private static final String ELLIPSIS = "…";
    private static final int REPLACEMENT = 0xFFFD;

    private TextLimit() {}

    /**
     * Cuts a text that is longer in UTF-8, between two code points, and ends it with an ellipsis. Half of a surrogate pair,
     * which UTF-8 cannot encode, becomes U+FFFD.
     *
     * @param bytes limit with the ellipsis, at least 3
     */
    public static String cut(String given, int bytes) {
        String text = wellFormed(given);
        if (text.length() * 3L <= bytes || text.getBytes(StandardCharsets.UTF_8).length <= bytes) {
            return text;
        }
        int left = bytes - ELLIPSIS.getBytes(StandardCharsets.UTF_8).length;
        int end = 0;
        while (end < text.length()) {
            int codePoint = text.codePointAt(end);
            left -= utf8Bytes(codePoint);
            if (left < 0) {
                break;
            }
            end += Character.charCount(codePoint);
        }
        return text.substring(0, end) + ELLIPSIS;
    }

    private static String wellFormed(String text) {
        if (UntrustedText.isWellFormed(text)) {
            return text;
        }
        StringBuilder replaced = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? REPLACEMENT : c)
                .forEach(replaced::appendCodePoint);
        return replaced.toString();
    }

    private static int utf8Bytes(int codePoint) {
        if (codePoint < 0x80) {
            return 1;
        }
        if (codePoint < 0x800) {
            return 2;
        }
        return codePoint < 0x1_0000 ? 3 : 4;
    }
}
