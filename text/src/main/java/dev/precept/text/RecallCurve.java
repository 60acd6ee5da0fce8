package dev.precept.text;

import java.util.Locale;

/** What bands find, for reading: the share of pairs of each similarity. */
public final class RecallCurve {
    private static final int FIRST = 50;
    private static final int LAST = 95;
    private static final int STEP = 5;

    private RecallCurve() {}

    /** Two lines of 49 columns: Jaccard similarities from 0.5 to 0.95, and the percentage that is found, rounded down. */
    public static String text(Banding banding) {
        StringBuilder similarities = new StringBuilder("Jaccard");
        StringBuilder found = new StringBuilder("found % ");
        for (int percent = FIRST; percent <= LAST; percent += STEP) {
            similarities.append(String.format(Locale.ROOT, " .%02d", percent));
            found.append(String.format(Locale.ROOT, "%3d ", (int) (100 * banding.recall(percent / 100.0))));
        }
        return similarities + "\n" + found.toString().stripTrailing();
    }
}
