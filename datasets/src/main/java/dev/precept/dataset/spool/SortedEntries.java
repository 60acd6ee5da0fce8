package dev.precept.dataset.spool;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Entries of one width in memory, in unsigned byte order. */
public final class SortedEntries {
    private static final int INDEX_BITS = 24;
    static final int MOST = 1 << INDEX_BITS;

    private final byte[] data;
    private final int width;
    private final long[] order;

    private SortedEntries(byte[] data, int width, long[] order) {
        this.data = data;
        this.width = width;
        this.order = order;
    }

    /** @param shared leading bits that all entries have in common */
    static SortedEntries sort(byte[] data, int width, int shared) {
        int size = data.length / width;
        if (size > MOST) {
            throw new IllegalArgumentException(size + " entries");
        }
        long[] order = new long[size];
        for (int n = 0; n < size; n++) {
            long key = (head(data, n * width, width) << shared) >>> INDEX_BITS;
            order[n] = ((key << INDEX_BITS) | n) ^ Long.MIN_VALUE;
        }
        Arrays.sort(order);
        for (int n = 0; n < size; n++) {
            order[n] ^= Long.MIN_VALUE;
        }
        SortedEntries sorted = new SortedEntries(data, width, order);
        sorted.sortEqualHeads();
        return sorted;
    }

    private static long head(byte[] data, int at, int width) {
        long head = 0;
        for (int n = 0; n < Long.BYTES; n++) {
            head = (head << Byte.SIZE) | (n < width ? data[at + n] & 0xFF : 0);
        }
        return head;
    }

    private void sortEqualHeads() {
        int from = 0;
        for (int to = 1; to <= order.length; to++) {
            if (to < order.length && order[to] >>> INDEX_BITS == order[from] >>> INDEX_BITS) {
                continue;
            }
            if (to - from > 1) {
                long[] group = IntStream.range(from, to)
                        .mapToObj(n -> order[n])
                        .sorted(Comparator.comparing(each -> each, this::compare))
                        .mapToLong(each -> each)
                        .toArray();
                System.arraycopy(group, 0, order, from, group.length);
            }
            from = to;
        }
    }

    private int compare(long one, long other) {
        int a = index(one) * width;
        int b = index(other) * width;
        return Arrays.compareUnsigned(data, a, a + width, data, b, b + width);
    }

    private static int index(long packed) {
        return (int) (packed & (MOST - 1));
    }

    public int size() {
        return order.length;
    }

    /** All entries; see {@link #offset}. */
    public byte[] data() {
        return data;
    }

    /** Where the entry with this position in the order starts. */
    public int offset(int position) {
        return index(order[position]) * width;
    }

    /** Whether an entry starts with these bytes. */
    public boolean contains(byte[] key, int at, int length) {
        int low = 0;
        int high = order.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int offset = offset(middle);
            int compared = Arrays.compareUnsigned(data, offset, offset + length, key, at, at + length);
            if (compared == 0) {
                return true;
            } else if (compared < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return false;
    }
}
