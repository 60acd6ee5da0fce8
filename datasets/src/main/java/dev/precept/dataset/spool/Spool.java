package dev.precept.dataset.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A folder of its own for temporary files, and a limit on their total size: each byte is charged before it is written. The
 * folders of processes that were killed are deleted. Not durable. Thread-safe.
 */
public final class Spool implements AutoCloseable {
    private static final String NAME = "precept-spool-";
    private static final String LOCK = ".lock";

    private final Path folder;
    private final long limit;
    private final Path lockFile;
    private final FileChannel lock;
    private long used;
    private long peak;

    /**
     * Creates a folder.
     *
     * @param parent created if it does not exist; several processes may use it
     * @param limit bytes that the temporary files may have at any time
     */
    public static Spool open(Path parent, long limit) throws IOException {
        Files.createDirectories(parent);
        sweep(parent);
        while (true) {
            String name = NAME + UUID.randomUUID();
            Path lockFile = parent.resolve(name + LOCK);
            FileChannel lock = FileChannel.open(lockFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            if (isLocked(lock)) {
                return new Spool(Files.createDirectory(parent.resolve(name)), limit, lockFile, lock);
            }
            lock.close(); // another process was about to delete it
        }
    }

    /** The operating system frees the lock of a process that ends. */
    private static void sweep(Path parent) throws IOException {
        try (DirectoryStream<Path> locks = Files.newDirectoryStream(parent, NAME + "*" + LOCK)) {
            for (Path lockFile : locks) {
                try (FileChannel lock = FileChannel.open(lockFile, StandardOpenOption.WRITE)) {
                    if (isLocked(lock)) {
                        String name = String.valueOf(lockFile.getFileName());
                        deleteFolder(lockFile.resolveSibling(name.substring(0, name.length() - LOCK.length())));
                        Files.deleteIfExists(lockFile);
                    }
                } catch (NoSuchFileException _) {
                    // Its process has just ended.
                }
            }
        }
    }

    private static boolean isLocked(FileChannel lock) throws IOException {
        try {
            @Nullable FileLock held = lock.tryLock();
            return held != null;
        } catch (OverlappingFileLockException e) {
            return false; // this process has it
        }
    }

    private static void deleteFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    deleteFolder(file);
                    Files.deleteIfExists(file);
                }
            }
            Files.deleteIfExists(folder);
        }
    }

    private Spool(Path folder, long limit, Path lockFile, FileChannel lock) {
        this.folder = folder;
        this.limit = limit;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /** The folder of the files, for code that names its own; it is deleted at the end with all that is in it. */
    public Path folder() {
        return folder;
    }

    /** The path of a file with this name, which is deleted at the end. */
    public Path file(String name) {
        return folder.resolve(name);
    }

    /** @throws SpoolFullException if the files would exceed the limit; nothing is charged then */
    public void charge(long bytes) throws SpoolFullException {
        if (!tryCharge(bytes)) {
            throw new SpoolFullException("temporary files in " + folder + " would exceed their limit of " + limit
                    + " bytes; give a larger one");
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

    /** Deletes the folder. */
    @Override
    public void close() throws IOException {
        try {
            deleteFolder(folder);
            Files.deleteIfExists(lockFile);
        } finally {
            lock.close();
        }
    }
}
