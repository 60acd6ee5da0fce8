package dev.precept.text.contamination;

/** A map from hashes to numbers that is filled once: open addressing, at most half full. */
final class HashTable {
    static final int NONE = -1;

    private final long[] hashes;
    private final int[] values;

    /** @param entries that will be added at most */
    HashTable(int entries) {
        int slots = Integer.highestOneBit(Math.max(8, 2 * entries - 1)) << 1;
        hashes = new long[slots];
        values = new int[slots];
    }

    /** @param hash not 0 */
    int get(long hash) {
        int slot = slot(hash);
        return hashes[slot] == hash ? values[slot] : NONE;
    }

    /** Adds an entry, unless there is one for the hash; returns the value that holds. */
    int putIfAbsent(long hash, int value) {
        int slot = slot(hash);
        if (hashes[slot] != hash) {
            hashes[slot] = hash;
            values[slot] = value;
        }
        return values[slot];
    }

    private int slot(long hash) {
        int slot = (int) (hash >>> 20) & (hashes.length - 1);
        while (hashes[slot] != 0 && hashes[slot] != hash) {
            slot = (slot + 1) & (hashes.length - 1);
        }
        return slot;
    }
}
