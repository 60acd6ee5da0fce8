package dev.precept.dataset.release;

import dev.precept.dataset.Hash;
import java.util.Comparator;

/**
 * Identifies a row and defines its order: a hash and, if several rows share it, a qualifier.
 *
 * @param qualifier one of few values that many keys share; empty if the hash is unique
 */
record RowKey(Hash hash, String qualifier) implements Comparable<RowKey> {
    private static final Comparator<RowKey> IN_ORDER =
            Comparator.comparing(RowKey::hash).thenComparing(RowKey::qualifier);

    static RowKey of(String hash) {
        return new RowKey(Hash.of(hash), "");
    }

    static RowKey of(String hash, String qualifier) {
        return new RowKey(Hash.of(hash), qualifier.intern());
    }

    @Override
    public int compareTo(RowKey other) {
        return IN_ORDER.compare(this, other);
    }
}
