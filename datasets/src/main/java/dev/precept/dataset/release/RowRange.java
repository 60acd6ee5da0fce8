package dev.precept.dataset.release;

import java.util.ArrayList;
import java.util.List;

/**
 * Consecutive rows of a shard that are read and sorted together.
 *
 * @param from rank of the first row in the split
 * @param to rank after the last row
 */
record RowRange(ShardId shard, long from, long to) {
    long rows() {
        return to - from;
    }

    /** The ranges of a shard with at most this many rows each. */
    static List<RowRange> of(ShardId shard, long from, long to, long most) {
        if (from == to) {
            return List.of(new RowRange(shard, from, to));
        }
        long parts = Math.ceilDiv(to - from, most);
        List<RowRange> ranges = new ArrayList<>();
        for (long part = 0; part < parts; part++) {
            ranges.add(new RowRange(shard, from + part * (to - from) / parts, from + (part + 1) * (to - from) / parts));
        }
        return ranges;
    }
}
