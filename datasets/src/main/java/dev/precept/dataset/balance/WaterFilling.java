package dev.precept.dataset.balance;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Divides a total over cells: each gets an equal share, and what a small cell cannot fill goes to the others. A pure function. */
final class WaterFilling {
    private WaterFilling() {}

    /**
     * The shares. Those of cells that are not filled differ by at most 1, and later cells have the larger ones.
     *
     * @param sizes of the cells
     * @return their sum is the total, or that of the sizes if this is smaller
     */
    static long[] shares(long[] sizes, long total) {
        int[] ascending = IntStream.range(0, sizes.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingLong(cell -> sizes[cell]).thenComparing(Comparator.naturalOrder()))
                .mapToInt(Integer::intValue)
                .toArray();
        long[] shares = new long[sizes.length];
        long left = Math.min(total, Arrays.stream(sizes).sum());
        for (int n = 0; n < ascending.length; n++) {
            int cell = ascending[n];
            shares[cell] = Math.min(sizes[cell], left / (ascending.length - n));
            left -= shares[cell];
        }
        return shares;
    }
}
