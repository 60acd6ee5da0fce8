package dev.precept.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An append-only list of entries under one prefix, numbered from 1. A number can be created only once: of two concurrent
 * appends one succeeds, and the other finds the number taken. Thread-safe.
 */
public final class Journal {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectStore store;
    private final String prefix;

    /** @param prefix ends with a slash */
    public Journal(ObjectStore store, String prefix) {
        this.store = store;
        this.prefix = prefix;
    }

    public record Entry(long number, JsonNode body) {}

    /** All entries, in order. */
    public List<Entry> entries() throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (String key : keys()) {
            entries.add(entry(key));
        }
        return entries;
    }

    /** The last entry; no other one is read. */
    public Optional<Entry> newest() throws IOException {
        List<String> keys = keys();
        return keys.isEmpty() ? Optional.empty() : Optional.of(entry(keys.getLast()));
    }

    /** Appends an entry with this number; false if the number is taken. */
    public boolean append(long number, JsonNode body) throws IOException {
        return store.createIfAbsent(Layout.journalEntry(prefix, number), Dataset.pretty(body));
    }

    /** The number of an entry; empty for a key that is none. */
    public static OptionalLong number(String prefix, String key) {
        return key.startsWith(prefix) ? Layout.parseJournalEntry(prefix, key) : OptionalLong.empty();
    }

    private List<String> keys() throws IOException {
        return store.list(prefix).stream()
                .filter(key -> Layout.parseJournalEntry(prefix, key).isPresent())
                .toList();
    }

    private Entry entry(String key) throws IOException {
        byte[] json = store.read(key).orElseThrow(() -> new IOException(key + " was listed but does not exist"));
        try {
            return new Entry(Layout.parseJournalEntry(prefix, key).orElseThrow(), JSON.readTree(json));
        } catch (JsonProcessingException e) {
            throw new InvalidDocumentException(
                    key + " is not JSON (" + e.getOriginalMessage() + "); put it back from a backup", e);
        }
    }
}
