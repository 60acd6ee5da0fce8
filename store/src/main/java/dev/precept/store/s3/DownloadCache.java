package dev.precept.store.s3;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Local copies of recently read objects, in a folder of this process below the temporary folder. Deletes the folders of
 * processes that have ended. At least the latest {@value #MIN_FILES} files are kept, whatever their size, since callers
 * may still be reading them; of those only the small ones once they are discarded. Thread-safe.
 */
final class DownloadCache implements Closeable {
    static final int MIN_FILES = 32;

    /** Of a copy that is kept although it was discarded, as a share of the bytes kept. */
    private static final int SMALL = 32;

    private static final String NAME = "precept-fetched-";
    private static final String LOCK = ".lock";

    private final Path temporary;
    private final long maxBytes;
    private final Map<String, Copy> newest = new HashMap<>();
    private final Map<Path, Long> files = new LinkedHashMap<>();
    private final Map<Path, Integer> users = new HashMap<>();
    private long bytes;
    private @Nullable OwnFolder own;

    /** @param maxBytes kept, beyond the minimum number of files */
    DownloadCache(Path temporary, long maxBytes) {
        this.temporary = temporary;
        this.maxBytes = maxBytes;
    }

    /** The folder of this process, and the lock that marks the process as running; the OS releases it with the channel. */
    private record OwnFolder(Path folder, FileChannel lock) {}

    /** A copy, and the tag of the object at that time. */
    record Copy(Path file, String tag) {}

    /** The newest copy of an object. */
    synchronized Optional<Copy> find(String object) {
        Optional<Copy> copy =
                Optional.ofNullable(newest.get(object)).filter(known -> Files.isRegularFile(known.file()));
        copy.map(Copy::file).filter(files::containsKey).ifPresent(file -> {
            files.put(file, removed(file));
            users.merge(file, 1, Integer::sum);
        });
        return copy;
    }

    private long removed(Path file) {
        Long size = files.remove(file);
        return size == null ? 0 : size;
    }

    /** The path of a new file, to be written and then added. */
    synchronized Path newFile() throws IOException {
        if (own == null || !own.lock().isOpen()) {
            own = createFolder();
        }
        return own.folder().resolve(UUID.randomUUID().toString());
    }

    synchronized void add(String object, Path file, String tag) throws IOException {
        long size = Files.size(file);
        newest.put(object, new Copy(file, tag));
        files.put(file, size);
        users.put(file, 1);
        bytes += size;
        for (Iterator<Map.Entry<Path, Long>> eldest = files.entrySet().iterator();
                bytes > maxBytes && files.size() > MIN_FILES; ) {
            Map.Entry<Path, Long> entry = eldest.next();
            bytes -= entry.getValue();
            users.remove(entry.getKey());
            Files.deleteIfExists(entry.getKey());
            newest.values().removeIf(copy -> copy.file().equals(entry.getKey()));
            eldest.remove();
        }
    }

    /** Called after the last use of a copy by the caller that found or added it: a large one that has no user is deleted. */
    synchronized void discard(Path file) throws IOException {
        Long size = files.get(file);
        Integer left = users.computeIfPresent(file, (_, count) -> Math.max(0, count - 1));
        if (size != null && left != null && left == 0 && size > maxBytes / SMALL) {
            users.remove(file);
            bytes -= removed(file);
            newest.values().removeIf(copy -> copy.file().equals(file));
            Files.deleteIfExists(file);
        }
    }

    /** Deletes all copies. A file added later is in a new folder. */
    @Override
    public synchronized void close() throws IOException {
        OwnFolder mine = own;
        own = null;
        newest.clear();
        files.clear();
        users.clear();
        bytes = 0;
        if (mine != null) {
            try (FileChannel _ = mine.lock()) {
                delete(mine.folder());
                Files.deleteIfExists(lockOf(mine.folder()));
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> copies = Files.newDirectoryStream(folder)) {
                for (Path copy : copies) {
                    Files.deleteIfExists(copy);
                }
            }
        }
        Files.deleteIfExists(folder);
    }

    private OwnFolder createFolder() throws IOException {
        Files.createDirectories(temporary);
        sweep();
        while (true) {
            Path mine = temporary.resolve(NAME + UUID.randomUUID());
            FileChannel channel = open(lockOf(mine));
            if (channel.tryLock() != null) {
                return new OwnFolder(Files.createDirectories(mine), channel);
            }
            channel.close(); // a concurrent sweep held the lock and deleted the file
        }
    }

    private void sweep() throws IOException {
        try (DirectoryStream<Path> locks = Files.newDirectoryStream(temporary, NAME + "*" + LOCK)) {
            for (Path lock : locks) {
                sweep(lock);
            }
        }
    }

    private static void sweep(Path lock) throws IOException {
        String name = String.valueOf(lock.getFileName());
        Path abandoned = lock.resolveSibling(name.substring(0, name.length() - LOCK.length()));
        try (FileChannel channel = open(lock)) {
            if (channel.tryLock() == null) {
                return;
            }
            delete(abandoned);
            Files.deleteIfExists(lock);
        } catch (OverlappingFileLockException e) {
            return; // the lock of another store of this process
        }
    }

    private static Path lockOf(Path folder) {
        return folder.resolveSibling(folder.getFileName() + LOCK);
    }

    private static FileChannel open(Path lock) throws IOException {
        return FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }
}
