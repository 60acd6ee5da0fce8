package dev.precept.text;

import java.util.Arrays;

/**
 * The distinct shingles of a text, as 32-bit hashes.
 *
 * @param hashes ascending, without duplicates; must not be changed
 */
@SuppressWarnings("ArrayRecordComponent") // compared by similarity only
public record ShingleSet(Shingling shingling, int[] hashes) {
    /** A set from ascending hashes, which may be equal; they are overwritten. */
    static ShingleSet of(Shingling shingling, int[] sorted, int length) {
        int distinct = 0;
        for (int i = 0; i < length; i++) {
            int hash = sorted[i];
            if (distinct == 0 || hash != sorted[distinct - 1]) {
                sorted[distinct++] = hash;
            }
        }
        return new ShingleSet(shingling, Arrays.copyOf(sorted, distinct));
    }

    public int size() {
        return hashes.length;
    }

    /**
     * The Jaccard similarity: shingles of both sets, divided by those of at least one. Different shingles with one hash make
     * it larger by less than 0.0001 for texts of up to 100,000 shingles.
     *
     * @return 0 to 1; 0 if a set is empty, or if the sets hold different kinds of shingles
     */
    public double jaccard(ShingleSet other) {
        if (shingling != other.shingling || hashes.length == 0 || other.hashes.length == 0) {
            return 0;
        }
        int[] a = hashes;
        int[] b = other.hashes;
        int common = 0;
        for (int i = 0, j = 0; i < a.length && j < b.length; ) {
            int x = a[i];
            int y = b[j];
            common += x == y ? 1 : 0;
            i += x <= y ? 1 : 0;
            j += y <= x ? 1 : 0;
        }
        return (double) common / (a.length + b.length - common);
    }
}
