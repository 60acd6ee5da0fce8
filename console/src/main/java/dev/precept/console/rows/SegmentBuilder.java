package dev.precept.console.rows;

import java.util.Arrays;

/** Collects the columns of a segment. For one thread. */
final class SegmentBuilder {
    final Ints row = new Ints();
    final Longs id = new Longs();
    final Ints prompt = new Ints();
    final Bytes outcome = new Bytes();
    final Bytes reason = new Bytes();
    final Bytes style = new Bytes();
    final Bytes lowest = new Bytes();
    final Bytes spread = new Bytes();
    final Bytes findings = new Bytes();
    final Ints category = new Ints();
    final Ints clauses = new Ints();
    final Ints source = new Ints();
    final Ints specification = new Ints();
    final Longs near = new Longs();

    int count() {
        return row.count;
    }

    private static int larger(int length) {
        return length + (length >> 1) + 64;
    }

    /** A growing array. */
    static final class Ints {
        private int[] values = new int[0];
        private int count;

        void add(int value) {
            if (count == values.length) {
                values = Arrays.copyOf(values, larger(count));
            }
            values[count++] = value;
        }

        int[] array() {
            return Arrays.copyOf(values, count);
        }
    }

    /** A growing array. */
    static final class Longs {
        private long[] values = new long[0];
        private int count;

        void add(long value) {
            if (count == values.length) {
                values = Arrays.copyOf(values, larger(count));
            }
            values[count++] = value;
        }

        long[] array() {
            return Arrays.copyOf(values, count);
        }
    }

    /** A growing array. */
    static final class Bytes {
        private byte[] values = new byte[0];
        private int count;

        void add(int value) {
            if (count == values.length) {
                values = Arrays.copyOf(values, larger(count));
            }
            values[count++] = (byte) value;
        }

        byte[] array() {
            return Arrays.copyOf(values, count);
        }
    }
}
