package dev.precept.streams.neardup;

import dev.precept.records.NeighbourAction;
import dev.precept.records.NeighbourAnswer;
import dev.precept.records.NeighbourRequest;
import dev.precept.records.SignedDocument;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A shard with its stores in memory. */
final class MemoryShard {
    final Map<Long, byte[]> buckets = new HashMap<>();
    final Map<Long, SignedDocument> documents = new HashMap<>();
    private final Shard shard;

    MemoryShard(Siblings siblings) {
        shard = new Shard(store(buckets), store(documents), siblings);
    }

    Optional<NeighbourAnswer> apply(NeighbourRequest request) {
        return shard.apply(request);
    }

    /** The answer to a look or a claim. */
    NeighbourAnswer ask(NeighbourRequest request) {
        if (request.getAction() == NeighbourAction.WITHDRAW) {
            throw new IllegalArgumentException("a withdrawal has no answer");
        }
        return apply(request).orElseThrow();
    }

    int largestBucket() {
        return buckets.values().stream()
                .mapToInt(bucket -> bucket.length / Long.BYTES)
                .max()
                .orElse(0);
    }

    private static <V> ShardStore<V> store(Map<Long, V> map) {
        return new ShardStore<>() {
            @Override
            public @Nullable V get(long key) {
                return map.get(key);
            }

            @Override
            public void put(long key, V value) {
                map.put(key, value);
            }

            @Override
            public void delete(long key) {
                map.remove(key);
            }
        };
    }
}
