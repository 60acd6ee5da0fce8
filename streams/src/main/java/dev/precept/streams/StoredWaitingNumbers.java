package dev.precept.streams;

import dev.precept.streams.neardup.WaitingNumbers;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** A key for each text that waits: the number of the awaited text, and its own. */
final class StoredWaitingNumbers implements WaitingNumbers {
    private static final byte[] PRESENT = new byte[0];
    private static final HexFormat HEX = HexFormat.of();

    private final KeyValueStore<String, byte[]> store;

    StoredWaitingNumbers(KeyValueStore<String, byte[]> store) {
        this.store = store;
    }

    @Override
    public void add(long awaited, long waiting) {
        store.put(HEX.toHexDigits(awaited) + HEX.toHexDigits(waiting), PRESENT);
    }

    @Override
    public List<Long> removeAll(long awaited) {
        String prefix = HEX.toHexDigits(awaited);
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> entries = store.prefixScan(prefix, new StringSerializer())) {
            entries.forEachRemaining(entry -> keys.add(entry.key));
        }
        keys.forEach(store::delete);
        return keys.stream()
                .map(key -> HexFormat.fromHexDigitsToLong(key, prefix.length(), key.length()))
                .toList();
    }
}
