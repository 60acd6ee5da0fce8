package dev.precept.prompts;

import java.util.HexFormat;

/** The ids of prompts, as 64 bits each, to count repeated ones; bounded, so that a large input is counted in part. */
final class SeenPrompts {
    private static final int MAX = 1 << 20;
    private static final int DIGITS = 16;

    /** Open addressing; 0 is free. At most half full. */
    private long[] table = new long[1 << 10];

    private int size;

    /** Returns whether the id is new, or cannot be known to be old because there are too many. */
    boolean add(String promptId) {
        long id = HexFormat.fromHexDigitsToLong(promptId, 0, DIGITS) | 1;
        int slot = slot(id);
        if (table[slot] == id || size == MAX) {
            return table[slot] != id;
        }
        table[slot] = id;
        if (++size > table.length / 2) {
            grow();
        }
        return true;
    }

    private int slot(long id) {
        int slot = Long.hashCode(id) & (table.length - 1);
        while (table[slot] != 0 && table[slot] != id) {
            slot = (slot + 1) & (table.length - 1);
        }
        return slot;
    }

    private void grow() {
        long[] old = table;
        table = new long[2 * old.length];
        for (long id : old) {
            if (id != 0) {
                table[slot(id)] = id;
            }
        }
    }
}
