package dev.precept.dataset.release;

import dev.precept.dataset.Hash;
import java.util.Comparator;

/**
 * What a row is known by, and its place in the order: a hash and, where several rows share it, one word more.
 *
 * @param qualifier of a few that many keys have; empty where the hash is enough
 */
record RowKey(Hash hash, String qualifier) implements Comparable<RowKey> {
    private static final Comparator<RowKey> IN_ORDER =
            Comparator.comparing(RowKey::hash).thenComparing(RowKey::qualifier);

    static RowKey of(String hash) {
        return new RowKey(Hash.of(hash), "");
    }

    static RowKey of(String hash, String word) {
        return new RowKey(Hash.of(hash), word.intern());
    }

    @Override
    public int compareTo(RowKey other) {
        return IN_ORDER.compare(this, other);
    }
}
