package dev.precept.text;

/**
 * A map from hashes to numbers that is filled once: open addressing, at most half full. Most hashes that are looked up are not
 * in it, which a small table of bits tells without a miss of the processor's cache.
 */
public final class HashTable {
    /** The value of a hash that is not in the map. */
    public static final int NONE = -1;

    private final long[] hashes;
    private final int[] values;
    /** Eight bits for each slot; a set bit says that a hash may be here. */
    private final long[] bits;

    /** @param entries that will be added at most */
    public HashTable(int entries) {
        int slots = Integer.highestOneBit(Math.max(8, 2 * entries - 1)) << 1;
        hashes = new long[slots];
        values = new int[slots];
        bits = new long[Math.max(1, slots >>> 3)];
    }

    /** @param hash not 0 */
    public int get(long hash) {
        if ((bits[word(hash)] & (1L << hash)) == 0) {
            return NONE;
        }
        int slot = slot(hash);
        return hashes[slot] == hash ? values[slot] : NONE;
    }

    /** Adds an entry, unless there is one for the hash; returns the value that holds. */
    public int putIfAbsent(long hash, int value) {
        int slot = slot(hash);
        if (hashes[slot] != hash) {
            hashes[slot] = hash;
            values[slot] = value;
            bits[word(hash)] |= 1L << hash;
        }
        return values[slot];
    }

    private int word(long hash) {
        return (int) (hash >>> 40) & (bits.length - 1);
    }

    private int slot(long hash) {
        int slot = (int) (hash >>> 20) & (hashes.length - 1);
        while (hashes[slot] != 0 && hashes[slot] != hash) {
            slot = (slot + 1) & (hashes.length - 1);
        }
        return slot;
    }
}
