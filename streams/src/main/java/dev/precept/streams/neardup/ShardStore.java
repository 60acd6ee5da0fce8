package dev.precept.streams.neardup;

import org.jspecify.annotations.Nullable;

/** A store of a shard. */
public interface ShardStore<V> {
    @Nullable
    V get(long key);

    void put(long key, V value);

    void delete(long key);
}
