package dev.precept.store;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A flat namespace of immutable objects. Of several concurrent creates of one key exactly one succeeds, which is the only
 * coordination that Precept needs. Thread-safe. Methods throw {@link StoreException}, or another {@link IOException} of the
 * file system.
 */
public interface ObjectStore extends Closeable {
    /** The prefix of incomplete objects, in stores that have them. Only a listing of this prefix includes them. */
    String STAGING_PREFIX = ".drafts/";

    /** The key of a check whether the store can be written starts with this; a crash may leave one. */
    String PROBE_PREFIX = ".probe-";

    /**
     * Creates a key atomically with the content of a file.
     *
     * @return false if the key exists; then nothing changes
     */
    boolean createIfAbsent(String key, Path content) throws IOException;

    /**
     * As {@link #createIfAbsent(String, byte[])}, for a secret: in a folder only its owner may read the file. In a bucket,
     * who may read the object is decided by the bucket.
     */
    default boolean createSecretIfAbsent(String key, byte[] content) throws IOException {
        return createIfAbsent(key, content);
    }

    /** As {@link #createIfAbsent(String, Path)}, with these bytes. */
    boolean createIfAbsent(String key, byte[] content) throws IOException;

    /**
     * As {@link #createIfAbsent(String, byte[])}, for content that may be lost, such as a cache entry. A reader may find a
     * beginning of it only, while it is written or after a power failure, so it must be able to tell.
     */
    default boolean createDisposable(String key, byte[] content) throws IOException {
        return createIfAbsent(key, content);
    }

    /** The content of a small key, if it exists. */
    Optional<byte[]> read(String key) throws IOException;

    /** The content of a key as a local file, which the caller must not change. */
    Path fetch(String key) throws IOException;

    /** Called once after the last use of a file of {@link #fetch}: a store that copies then keeps only a small copy. */
    default void discard(Path fetched) throws IOException {}

    /**
     * Streams the content of a key without a local copy. All bytes are of one object: the stream fails if it is replaced
     * meanwhile. It does not check the content; compare it with a known hash.
     *
     * @param from the first byte, at most the length of the content
     * @return a stream that fails unless it delivers every byte; the caller closes it
     * @throws java.nio.file.NoSuchFileException if the key does not exist
     * @throws java.io.EOFException if the content is shorter
     */
    default InputStream open(String key, long from) throws IOException {
        InputStream in = Files.newInputStream(fetch(key));
        try {
            in.skipNBytes(from);
            return in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /** Deletes a key, if it exists. Never delete a key that another object references. */
    void delete(String key) throws IOException;

    /** All keys with a prefix, sorted. */
    default List<String> list(String prefix) throws IOException {
        return listObjects(prefix).stream().map(ObjectInfo::key).toList();
    }

    /** As {@link #list}, with size and time. */
    default List<ObjectInfo> listObjects(String prefix) throws IOException {
        return listObjects(prefix, "");
    }

    /** As {@link #listObjects(String)}, without the keys up to {@code after}, which need not exist. */
    default List<ObjectInfo> listObjects(String prefix, String after) throws IOException {
        List<ObjectInfo> found = new ArrayList<>();
        visitObjects(prefix, after, object -> {
            found.add(object);
            return true;
        });
        return found;
    }

    /**
     * Visits the keys with a prefix that are greater than {@code after}, in order, and holds only a page or a folder of them
     * in memory.
     */
    void visitObjects(String prefix, String after, ObjectVisitor visitor) throws IOException;

    /** Receives the keys of a listing. */
    interface ObjectVisitor {
        /** @return false to end the listing */
        boolean visit(ObjectInfo object) throws IOException;
    }

    /**
     * A key in a listing.
     *
     * @param modified when the key was created, by the store's clock, to the second or finer
     */
    record ObjectInfo(String key, long bytes, Instant modified) {}

    /** The location of the store, for messages. */
    String location();

    /** Deletes the local copies of {@link #fetch}. */
    @Override
    default void close() throws IOException {}
}
