package dev.precept.dataset.release;

import dev.precept.dataset.view.RowKind;
import dev.precept.dataset.view.Split;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A shard of all views of one row kind: the rows of a split in order, in equal parts.
 *
 * @param index from 0
 * @param of shards of the split: as many as the settings have, or one for each row if there are fewer rows
 */
record ShardId(RowKind rowKind, Split split, int index, int of) implements Comparable<ShardId> {
    private static final Comparator<ShardId> IN_ORDER =
            Comparator.comparing(ShardId::rowKind).thenComparing(ShardId::split).thenComparingInt(ShardId::index);

    @Override
    public int compareTo(ShardId other) {
        return IN_ORDER.compare(this, other);
    }

    /** The shards of the rows of one kind and split. No file is empty: loaders fail on one. */
    static List<ShardId> of(RowKind rowKind, Split split, long rows, int most) {
        int shards = (int) Math.min(rows, most);
        return IntStream.range(0, shards)
                .mapToObj(index -> new ShardId(rowKind, split, index, shards))
                .toList();
    }

    /** The first row of shard {@code index} of {@code shards} equal parts; that of shard {@code shards} is the end. */
    static long firstRow(int index, int shards, long rows) {
        return Math.ceilDiv(index * rows, (long) shards);
    }
}
