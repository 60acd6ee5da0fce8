package dev.precept.store;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A flat space of keys. A key that was created never changes; that one create of several wins is the only coordination
 * Precept needs. Thread-safe.
 */
public interface ObjectStore {
    /** Where a store keeps what it has not finished, if it has such a place. Listed by this prefix only. */
    String STAGING_PREFIX = ".drafts/";

    /**
     * Creates a key with the content of a file, whole or not at all.
     *
     * @return false if the key exists; then nothing was changed
     */
    boolean createIfAbsent(String key, Path content) throws IOException;

    /** Creates a key with these bytes, whole or not at all; false if the key exists. */
    boolean createIfAbsent(String key, byte[] content) throws IOException;

    /** The content of a small key, if it exists. */
    Optional<byte[]> read(String key) throws IOException;

    /** The content of a key as a local file, which the caller must not change. */
    Path fetch(String key) throws IOException;

    /** Removes a key; no error if there is none. For what a crashed attempt left behind, never for what was named. */
    void delete(String key) throws IOException;

    /** All keys that start with a prefix, in order. */
    default List<String> list(String prefix) throws IOException {
        return listObjects(prefix).stream().map(ObjectInfo::key).toList();
    }

    /** As {@link #list}, with what a listing knows of each key. */
    List<ObjectInfo> listObjects(String prefix) throws IOException;

    /**
     * A key in a listing.
     *
     * @param modified when it was created, by the store's own clock; to the second, or finer
     */
    record ObjectInfo(String key, long bytes, Instant modified) {}

    /** Where the keys lie, for messages. */
    String location();
}
