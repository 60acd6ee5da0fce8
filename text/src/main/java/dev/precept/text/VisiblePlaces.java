package dev.precept.text;

import java.text.Normalizer;
import java.util.Arrays;

/**
 * The visible form of a text ({@link FoldedText#visible}) with the places of its characters in the original. What one
 * character became, or several together, has the places of all of them.
 */
public final class VisiblePlaces {
    /** Of the Korean letters that follow the first one of a syllable. */
    private static final int FIRST_VOWEL = 0x1160;

    private static final int LAST_FINAL = 0x11FF;

    private final String visible;
    /** By character of the visible text: where what it was made of begins and ends in the original. */
    private final int[] starts;

    private final int[] ends;

    private VisiblePlaces(String visible, int[] starts, int[] ends) {
        this.visible = visible;
        this.starts = starts;
        this.ends = ends;
    }

    public static VisiblePlaces of(String original) {
        StringBuilder stripped = new StringBuilder(original.length());
        int[] places = new int[original.length()];
        FoldedText.strip(original, stripped, places);
        Mapping mapping = new Mapping(stripped.toString(), places);
        int at = 0;
        while (at < stripped.length()) {
            int end = at + 1;
            // No character before an ASCII one is normalized together with it.
            while (end < stripped.length() && stripped.charAt(end) >= 0x80) {
                end++;
            }
            mapping.append(at, end);
            at = end;
        }
        return mapping.places();
    }

    /** Writes normalized pieces and their places. */
    private static final class Mapping {
        private final String stripped;
        private final int[] places;
        private final StringBuilder visible = new StringBuilder();
        private int[] starts;
        private int[] ends;

        Mapping(String stripped, int[] places) {
            this.stripped = stripped;
            this.places = places;
            this.starts = new int[stripped.length() + 16];
            this.ends = new int[starts.length];
        }

        /** Appends a piece that is normalized alone: each character and its marks by themselves where that gives the same. */
        void append(int from, int to) {
            String piece = stripped.substring(from, to);
            String whole = normal(piece);
            if (whole.equals(piece)) {
                for (int i = from; i < to; i++) {
                    append(stripped.substring(i, i + 1), i, i + 1);
                }
                return;
            }
            StringBuilder apart = new StringBuilder();
            for (int i = from; i < to; i = next(i, to)) {
                apart.append(normal(stripped.substring(i, next(i, to))));
            }
            if (!whole.contentEquals(apart)) {
                append(whole, from, to);
                return;
            }
            for (int i = from; i < to; i = next(i, to)) {
                append(normal(stripped.substring(i, next(i, to))), i, next(i, to));
            }
        }

        /** The place after a character and what may be composed with it: marks, and the later letters of a Korean syllable. */
        private int next(int at, int to) {
            int next = at + Character.charCount(stripped.codePointAt(at));
            while (next < to && isComposed(stripped.codePointAt(next))) {
                next += Character.charCount(stripped.codePointAt(next));
            }
            return next;
        }

        private static boolean isComposed(int c) {
            return (c >= FIRST_VOWEL && c <= LAST_FINAL)
                    || Character.getType(c) == Character.NON_SPACING_MARK
                    || Character.getType(c) == Character.COMBINING_SPACING_MARK;
        }

        private static String normal(String text) {
            return Normalizer.normalize(text, Normalizer.Form.NFKC);
        }

        private void append(String text, int from, int to) {
            for (int i = 0; i < text.length(); i++) {
                if (visible.length() == starts.length) {
                    starts = Arrays.copyOf(starts, 2 * starts.length);
                    ends = Arrays.copyOf(ends, starts.length);
                }
                starts[visible.length()] = places[from];
                ends[visible.length()] = places[to - 1] + 1;
                visible.append(text.charAt(i));
            }
        }

        VisiblePlaces places() {
            return new VisiblePlaces(visible.toString().replace('\u2010', '-'), starts, ends);
        }
    }

    public String visible() {
        return visible;
    }

    /** Where the character at an offset of the visible text begins in the original. */
    public int start(int at) {
        return starts[at];
    }

    /** Where the character before an offset of the visible text ends in the original. */
    public int end(int at) {
        return ends[at - 1];
    }
}
