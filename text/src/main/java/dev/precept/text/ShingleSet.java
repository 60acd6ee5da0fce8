package dev.precept.text;

import java.util.Arrays;

/**
 * The distinct shingles of a text, as 32-bit hashes.
 *
 * @param hashes ascending, without duplicates; must not be changed
 */
@SuppressWarnings("ArrayRecordComponent") // compared by similarity only
public record ShingleSet(Shingling shingling, int[] hashes) {
    /** A set from hashes in any order, which are sorted in place. */
    static ShingleSet of(Shingling shingling, int[] hashes, int length) {
        Arrays.sort(hashes, 0, length);
        int distinct = 0;
        for (int i = 0; i < length; i++) {
            if (i == 0 || hashes[i] != hashes[i - 1]) {
                hashes[distinct++] = hashes[i];
            }
        }
        return new ShingleSet(shingling, Arrays.copyOf(hashes, distinct));
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
            int compared = Integer.compare(a[i], b[j]);
            if (compared == 0) {
                common++;
            }
            i += compared <= 0 ? 1 : 0;
            j += compared >= 0 ? 1 : 0;
        }
        return (double) common / (a.length + b.length - common);
    }
}
