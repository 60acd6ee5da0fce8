package dev.precept.store.location;

import dev.precept.store.LocalStore;
import dev.precept.store.ObjectStore;
import dev.precept.store.s3.Bucket;
import dev.precept.store.s3.S3Settings;
import dev.precept.store.s3.S3Store;
import java.io.IOException;
import java.nio.file.Path;

/** The location of a store: a folder, or {@code s3://bucket/prefix}. {@link #of} parses what {@code toString} returns. */
public sealed interface StoreLocation {
    /** An absolute folder. */
    record Folder(Path path) implements StoreLocation {
        public Folder {
            path = path.toAbsolutePath().normalize();
        }

        @Override
        public ObjectStore open() throws IOException {
            return LocalStore.open(path);
        }

        @Override
        public ObjectStore openBelow(String prefix) throws IOException {
            return open();
        }

        @Override
        public ObjectStore openReadOnly() throws IOException {
            return LocalStore.openReadOnly(path);
        }

        @Override
        public String name() {
            Path last = path.getFileName();
            return last == null ? "" : last.toString();
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    /** A bucket and a prefix. */
    record InBucket(Bucket bucket, S3Settings settings) implements StoreLocation {
        @Override
        public ObjectStore open() throws IOException {
            return OpenStores.add(S3Store.open(bucket, settings));
        }

        @Override
        public ObjectStore openBelow(String prefix) throws IOException {
            return OpenStores.add(S3Store.openBelow(bucket, settings, prefix));
        }

        @Override
        public ObjectStore openReadOnly() throws IOException {
            return OpenStores.add(S3Store.openReadOnly(bucket, settings));
        }

        @Override
        public String name() {
            String prefix = bucket.prefix();
            return prefix.isEmpty() ? bucket.name() : prefix.substring(prefix.lastIndexOf('/') + 1);
        }

        @Override
        public String toString() {
            return bucket.toString();
        }
    }

    /**
     * @param text a path, relative to the current directory, or {@code s3://bucket/prefix}
     * @throws IllegalArgumentException if the text starts with {@code s3:} and is no {@code s3://bucket/prefix}
     */
    static StoreLocation of(String text, S3Settings settings) {
        return Bucket.isBucketUrl(text) ? new InBucket(Bucket.parse(text), settings) : new Folder(Path.of(text));
    }

    /**
     * Opens the store to write, and verifies that a second create of a key fails.
     *
     * @throws dev.precept.store.StoreException.Misconfigured if the store, its settings or its permissions must change first
     * @throws IOException if it cannot be reached or written now
     */
    ObjectStore open() throws IOException;

    /**
     * Opens the store to write values of which any copy is as good, without that check.
     *
     * @param prefix where the values are, ending with a slash; permission is needed for keys below it only
     */
    ObjectStore openBelow(String prefix) throws IOException;

    /** Opens the store to read, without that check; nothing is created in it. */
    ObjectStore openReadOnly() throws IOException;

    /** The last segment of the location, for names that are derived from it. */
    String name();
}
