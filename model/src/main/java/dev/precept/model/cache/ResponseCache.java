package dev.precept.model.cache;

import java.io.IOException;
import java.util.Optional;

/** Stores responses by key. Thread-safe; several processes may share one. */
public interface ResponseCache {
    /**
     * Reads an entry.
     *
     * @param key 64 lower-case hexadecimal digits
     * @return empty if there is no entry
     * @throws IOException if the store cannot be read
     */
    Optional<byte[]> get(String key) throws IOException;

    /**
     * Writes an entry atomically. An existing entry may stay: of several concurrent writers any may win.
     *
     * @throws IOException if the entry could not be written
     */
    void put(String key, byte[] bytes) throws IOException;

    /**
     * Deletes an entry, if there is one.
     *
     * @throws IOException if the entry could not be deleted
     */
    void delete(String key) throws IOException;
}
