package dev.precept.streams.ledger;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A store of the ledger, as the step of one event sees it. */
public interface LedgerStore<V> {
    /** The value of a key, with the event's own changes; null if there is none. */
    @Nullable
    V get(String key);

    void put(String key, V value);

    void delete(String key);

    /** The first keys with a prefix, in key order, as they were before the event. */
    List<String> keys(String prefix, int atMost);
}
