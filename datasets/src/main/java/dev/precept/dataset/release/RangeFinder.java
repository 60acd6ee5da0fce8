package dev.precept.dataset.release;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Finds the range that a row belongs to by its key, among consecutive ranges of one row index. Thread-safe. */
final class RangeFinder {
    private final byte[][] first;
    private final byte @Nullable [] end;

    /** @param ranges consecutive ones that have rows, in order; at least one */
    RangeFinder(RowIndex index, List<RowRange> ranges) throws IOException {
        this.first = new byte[ranges.size()][];
        for (int n = 0; n < first.length; n++) {
            first[n] = index.key(ranges.get(n).from());
        }
        long after = ranges.getLast().to();
        this.end = after < index.rows() ? index.key(after) : null;
    }

    /** The number of the range that has this key, if a row has it; empty if the key is before the first or after the last range. */
    OptionalInt find(byte[] key) {
        if (end != null && Arrays.compareUnsigned(key, end) >= 0) {
            return OptionalInt.empty();
        }
        int found = Arrays.binarySearch(first, key, Arrays::compareUnsigned);
        int range = found >= 0 ? found : -found - 2;
        return range < 0 ? OptionalInt.empty() : OptionalInt.of(range);
    }
}
