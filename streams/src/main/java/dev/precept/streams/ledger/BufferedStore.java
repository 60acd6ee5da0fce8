package dev.precept.streams.ledger;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Keeps the changes of one event apart from the store until they are applied. Not thread-safe. */
final class BufferedStore<V> implements LedgerStore<V> {
    private final KeyValueStore<String, V> store;
    /** By key, in the order of the first change; empty for a deleted key. */
    private final Map<String, Optional<V>> changes = new LinkedHashMap<>();

    BufferedStore(KeyValueStore<String, V> store) {
        this.store = store;
    }

    @Override
    public @Nullable V get(String key) {
        Optional<V> changed = changes.get(key);
        return changed == null ? store.get(key) : changed.orElse(null);
    }

    @Override
    public void put(String key, V value) {
        changes.put(key, Optional.of(value));
    }

    @Override
    public void delete(String key) {
        changes.put(key, Optional.empty());
    }

    @Override
    public List<String> keys(String prefix, int atMost) {
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<String, V> entries = store.prefixScan(prefix, new StringSerializer())) {
            while (keys.size() < atMost && entries.hasNext()) {
                keys.add(entries.next().key);
            }
        }
        return keys;
    }

    void apply() {
        changes.forEach((key, value) -> value.ifPresentOrElse(put -> store.put(key, put), () -> store.delete(key)));
        changes.clear();
    }

    void discard() {
        changes.clear();
    }
}
