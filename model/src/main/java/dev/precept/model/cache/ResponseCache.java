package dev.precept.model.cache;

import java.io.IOException;
import java.util.Optional;

/** Where a model keeps what it was told: bytes under a key. Thread-safe, and shared by as many processes as like. */
public interface ResponseCache {
    /**
     * What is kept under a key.
     *
     * @param key 64 lower-case hexadecimal digits
     * @return empty if there is nothing
     * @throws IOException if nobody can say
     */
    Optional<byte[]> get(String key) throws IOException;

    /**
     * Keeps bytes under a key, whole or not at all. What is there already may stay: of several who keep under one key, any
     * may win.
     *
     * @throws IOException if they could not be kept
     */
    void put(String key, byte[] bytes) throws IOException;

    /**
     * Makes room for a key whose bytes turned out to be useless. No error if there are none.
     *
     * @throws IOException if they are still there
     */
    void delete(String key) throws IOException;
}
