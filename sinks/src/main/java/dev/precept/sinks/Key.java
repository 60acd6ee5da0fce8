package dev.precept.sinks;

import java.util.Comparator;

/**
 * What a row is known by, and its place in the order: a hash and, where several rows share it, one word more.
 *
 * @param word of a few that many keys have; empty where the hash is enough
 */
record Key(Hash hash, String word) implements Comparable<Key> {
    private static final Comparator<Key> IN_ORDER =
            Comparator.comparing(Key::hash).thenComparing(Key::word);

    static Key of(String hash) {
        return new Key(Hash.of(hash), "");
    }

    static Key of(String hash, String word) {
        return new Key(Hash.of(hash), word.intern());
    }

    @Override
    public int compareTo(Key other) {
        return IN_ORDER.compare(this, other);
    }
}
