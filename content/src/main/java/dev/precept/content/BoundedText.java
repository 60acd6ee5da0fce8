package dev.precept.content;

import java.nio.charset.StandardCharsets;

/** Bounds texts that come from outside, such as a server's error message, before they enter a record. */
public final class BoundedText {
    /** Bound of the detail of a failure, in bytes. */
    public static final int DETAIL_BYTES = 4 << 10;

    private static final String ELLIPSIS = "…";
    private static final int ELLIPSIS_BYTES = ELLIPSIS.getBytes(StandardCharsets.UTF_8).length;

    private BoundedText() {}

    /** Bounds the detail of a failure to {@link #DETAIL_BYTES}. */
    public static String detail(String text) {
        return truncate(text, DETAIL_BYTES);
    }

    /**
     * Returns a text of at most {@code maxBytes} in UTF-8: unchanged if it fits, else cut between two characters and ended
     * by an ellipsis.
     *
     * @param maxBytes at least 3
     */
    public static String truncate(String text, int maxBytes) {
        if (maxBytes < ELLIPSIS_BYTES) {
            throw new IllegalArgumentException("the bound is below " + ELLIPSIS_BYTES + " bytes: " + maxBytes);
        }
        int bytes = 0;
        int fits = 0; // characters that leave room for the ellipsis
        for (int at = 0; at < text.length(); ) {
            int point = text.codePointAt(at);
            bytes += bytes(point);
            if (bytes > maxBytes) {
                return text.substring(0, fits) + ELLIPSIS;
            }
            at += Character.charCount(point);
            if (bytes <= maxBytes - ELLIPSIS_BYTES) {
                fits = at;
            }
        }
        return text;
    }

    private static int bytes(int point) {
        if (point < 0x80 || (Character.isBmpCodePoint(point) && Character.isSurrogate((char) point))) {
            return 1; // half of a surrogate pair is encoded as '?'
        }
        return point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    }
}
