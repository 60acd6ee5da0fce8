package dev.precept.text;

import java.util.List;

/**
 * What near-duplicates of a text are found and verified with.
 *
 * @param shingles one set for each shingling of the text: both for a text of medium length, none for a text without tokens
 * @param bands keys of the buckets that the text is in; those of texts with different shinglings, normalisations or bandings
 *     differ. Must not be changed
 */
@SuppressWarnings("ArrayRecordComponent") // compared by similarity only
public record Signature(List<ShingleSet> shingles, long[] bands) {
    public Signature {
        shingles = List.copyOf(shingles);
    }

    /** The highest Jaccard similarity of sets of one shingling; 0 if the texts have none in common. */
    public double similarity(Signature other) {
        return similarity(shingles, other.shingles);
    }

    /** As {@link #similarity(Signature)}. */
    public static double similarity(List<ShingleSet> one, List<ShingleSet> other) {
        double highest = 0;
        for (ShingleSet mine : one) {
            for (ShingleSet theirs : other) {
                highest = Math.max(highest, mine.jaccard(theirs));
            }
        }
        return highest;
    }
}
