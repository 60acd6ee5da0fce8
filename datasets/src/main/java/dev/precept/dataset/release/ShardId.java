package dev.precept.dataset.release;

import dev.precept.dataset.view.RowKind;
import dev.precept.dataset.view.Split;
import java.util.Comparator;

/**
 * A shard of all views of one row kind: the rows of a split in order, in equal parts.
 *
 * @param index from 0
 */
record ShardId(RowKind rowKind, Split split, int index) implements Comparable<ShardId> {
    private static final Comparator<ShardId> IN_ORDER =
            Comparator.comparing(ShardId::rowKind).thenComparing(ShardId::split).thenComparingInt(ShardId::index);

    @Override
    public int compareTo(ShardId other) {
        return IN_ORDER.compare(this, other);
    }

    /** The first row of shard {@code index} of {@code shards} equal parts; that of shard {@code shards} is the end. */
    static long firstRow(int index, int shards, long rows) {
        return Math.ceilDiv(index * rows, (long) shards);
    }
}
