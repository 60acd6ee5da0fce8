package dev.precept.dataset.spool;

import dev.precept.config.ConfigurationException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A local folder for temporary files, and a limit on their total size: each byte is charged before it is written. One process
 * uses a folder at a time; files that a killed one left are deleted. Not durable. Thread-safe.
 */
public final class Spool implements AutoCloseable {
    private static final String SUFFIX = ".spool";
    private static final String LOCK = ".spool-lock";

    private final Path folder;
    private final long limit;
    private final FileChannel lock;
    private long used;
    private long peak;

    /**
     * Opens a folder, which is created if it does not exist.
     *
     * @param limit bytes that the temporary files may have at any time
     * @throws ConfigurationException if another process uses the folder
     */
    public static Spool open(Path folder, long limit) throws IOException {
        Files.createDirectories(folder);
        FileChannel lock = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isLocked(lock)) {
            lock.close();
            throw new ConfigurationException(
                    "another process uses the folder " + folder + " for temporary files; give another one");
        }
        Spool spool = new Spool(folder, limit, lock);
        spool.deleteFiles();
        return spool;
    }

    private static boolean isLocked(FileChannel lock) throws IOException {
        try {
            @Nullable FileLock held = lock.tryLock();
            return held != null;
        } catch (OverlappingFileLockException e) {
            return false; // this process has it
        }
    }

    private Spool(Path folder, long limit, FileChannel lock) {
        this.folder = folder;
        this.limit = limit;
        this.lock = lock;
    }

    /** The path of a file with this name, which is deleted at the end. */
    public Path file(String name) {
        return folder.resolve(name + SUFFIX);
    }

    /** @throws SpoolFullException if the files would exceed the limit; nothing is charged then */
    public void charge(long bytes) throws SpoolFullException {
        if (!tryCharge(bytes)) {
            throw new SpoolFullException("temporary files in " + folder + " would exceed their limit of " + limit
                    + " bytes; give a larger limit");
        }
    }

    /** @return false if the files would exceed the limit; nothing is charged then */
    public synchronized boolean tryCharge(long bytes) {
        if (bytes > limit - used) {
            return false;
        }
        used += bytes;
        peak = Math.max(peak, used);
        return true;
    }

    /** Returns bytes that were charged, after their file was deleted. */
    public synchronized void free(long bytes) {
        used -= bytes;
    }

    /** Deletes a file, and returns what was charged for it. */
    public void delete(Path file, long bytes) throws IOException {
        Files.deleteIfExists(file);
        free(bytes);
    }

    public long limit() {
        return limit;
    }

    public synchronized long used() {
        return used;
    }

    public synchronized long available() {
        return limit - used;
    }

    /** The largest total size so far. */
    public synchronized long peak() {
        return peak;
    }

    private void deleteFiles() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Deletes the files. */
    @Override
    public void close() throws IOException {
        try {
            deleteFiles();
            Files.deleteIfExists(folder.resolve(LOCK));
        } finally {
            lock.close();
        }
    }
}
