package dev.precept.dataset.release;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** Finds the range that a row belongs to by its key, among ranges of one row index. Thread-safe. */
final class RangeFinder {
    private final int[] positions;
    private final byte[][] first;
    /** Empty for the range at the end of the row index. */
    private final byte[][] end;

    /**
     * Reads the keys at the ends of the ranges.
     *
     * @param list all ranges, in order
     * @param positions those of the row index that have rows, in order
     */
    RangeFinder(RowIndex index, List<RowRange> list, int[] positions) throws IOException {
        this.positions = positions.clone();
        this.first = new byte[positions.length][];
        this.end = new byte[positions.length][];
        for (int n = 0; n < positions.length; n++) {
            RowRange range = list.get(positions[n]);
            first[n] = index.key(range.from());
            end[n] = range.to() < index.rows() ? index.key(range.to()) : new byte[0];
        }
    }

    /** The position of the range that has the row with this key, if there is one; empty if no range can have it. */
    OptionalInt find(byte[] key) {
        int found = Arrays.binarySearch(first, key, Arrays::compareUnsigned);
        int range = found >= 0 ? found : -found - 2;
        if (range < 0) {
            return OptionalInt.empty();
        }
        byte[] after = end[range];
        return after.length > 0 && Arrays.compareUnsigned(key, after) >= 0
                ? OptionalInt.empty()
                : OptionalInt.of(positions[range]);
    }
}
