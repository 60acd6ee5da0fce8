package dev.precept.streams.neardup;

import dev.precept.records.NeighbourAction;
import dev.precept.records.NeighbourAnswer;
import dev.precept.records.NeighbourRequest;
import dev.precept.records.SignedDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A shard with its stores in memory. */
final class MemoryShard {
    final Map<Long, byte[]> buckets = new HashMap<>();
    final Map<Long, SignedDocument> documents = new HashMap<>();
    final Map<Long, Set<Long>> waiting = new HashMap<>();
    private final Siblings siblings;
    private Shard shard;

    MemoryShard(Siblings siblings) {
        this.siblings = siblings;
        this.shard = new Shard(store(buckets), store(documents), numbers(), siblings);
    }

    /** Replaces the shard by one that has only what its stores hold. */
    void restart() {
        documents.replaceAll((number, document) -> copy(document));
        shard = new Shard(store(buckets), store(documents), numbers(), siblings);
    }

    private static SignedDocument copy(SignedDocument document) {
        try {
            return SignedDocument.getDecoder()
                    .decode(SignedDocument.getEncoder().encode(document));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The answers, also to requests that have waited. */
    List<NeighbourAnswer> apply(NeighbourRequest request) {
        return shard.apply(request).stream().map(Shard.Answered::answer).toList();
    }

    /** The answer to a look or a claim. */
    NeighbourAnswer ask(NeighbourRequest request) {
        if (request.getAction() == NeighbourAction.WITHDRAW) {
            throw new IllegalArgumentException("a withdrawal has no answer");
        }
        return apply(request).getFirst();
    }

    int largestBucket() {
        return buckets.values().stream()
                .mapToInt(bucket -> bucket.length / Long.BYTES)
                .max()
                .orElse(0);
    }

    private WaitingNumbers numbers() {
        return new WaitingNumbers() {
            @Override
            public void add(long awaited, long number) {
                waiting.computeIfAbsent(awaited, key -> new TreeSet<>()).add(number);
            }

            @Override
            public List<Long> removeAll(long awaited) {
                Set<Long> removed = waiting.remove(awaited);
                return removed == null ? List.of() : List.copyOf(removed);
            }
        };
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
