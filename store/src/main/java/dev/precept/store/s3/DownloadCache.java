package dev.precept.store.s3;

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
 * Local copies of objects, the latest ones only. They lie in a folder of this process below the temporary folder; what
 * processes that are gone left there is removed. A file that was handed out stays while fewer than {@value #MIN_FILES}
 * others are, however large they are. Thread-safe.
 */
final class DownloadCache {
    static final int MIN_FILES = 32;

    private static final String NAME = "precept-fetched-";
    private static final String LOCK = ".lock";

    private final Path temporary;
    private final long mostBytes;
    private final Map<String, Copy> newest = new HashMap<>();
    private final Map<Path, Long> files = new LinkedHashMap<>();
    private long bytes;
    private @Nullable Own own;

    /** @param mostBytes kept beyond the least number of files */
    DownloadCache(Path temporary, long mostBytes) {
        this.temporary = temporary;
        this.mostBytes = mostBytes;
    }

    /** Our folder, and the lock by which others see that we live; it goes when nobody holds the channel. */
    private record Own(Path folder, FileChannel lock) {}

    /** A copy, and the tag of the object when it was made. */
    record Copy(Path file, String tag) {}

    /** The newest copy of an object. */
    synchronized Optional<Copy> find(String object) {
        Optional<Copy> copy =
                Optional.ofNullable(newest.get(object)).filter(known -> Files.isRegularFile(known.file()));
        copy.map(Copy::file).filter(files::containsKey).ifPresent(file -> files.put(file, removed(file)));
        return copy;
    }

    private long removed(Path file) {
        Long size = files.remove(file);
        return size == null ? 0 : size;
    }

    /** A file that does not exist yet, to be filled and then kept. */
    synchronized Path newFile() throws IOException {
        if (own == null || !own.lock().isOpen()) {
            own = own();
        }
        return own.folder().resolve(UUID.randomUUID().toString());
    }

    synchronized void add(String object, Path file, String tag) throws IOException {
        long size = Files.size(file);
        newest.put(object, new Copy(file, tag));
        files.put(file, size);
        bytes += size;
        for (Iterator<Map.Entry<Path, Long>> eldest = files.entrySet().iterator();
                bytes > mostBytes && files.size() > MIN_FILES; ) {
            Map.Entry<Path, Long> entry = eldest.next();
            bytes -= entry.getValue();
            Files.deleteIfExists(entry.getKey());
            newest.values().removeIf(copy -> copy.file().equals(entry.getKey()));
            eldest.remove();
        }
    }

    private Own own() throws IOException {
        Files.createDirectories(temporary);
        sweep();
        while (true) {
            Path mine = temporary.resolve(NAME + UUID.randomUUID());
            FileChannel channel = open(lockOf(mine));
            if (channel.tryLock() != null) {
                return new Own(Files.createDirectories(mine), channel);
            }
            channel.close(); // a sweep held it for a moment, and has removed it
        }
    }

    private void sweep() throws IOException {
        try (DirectoryStream<Path> locks = Files.newDirectoryStream(temporary, NAME + "*" + LOCK)) {
            for (Path left : locks) {
                sweep(left);
            }
        }
    }

    private static void sweep(Path lock) throws IOException {
        String name = String.valueOf(lock.getFileName());
        Path left = lock.resolveSibling(name.substring(0, name.length() - LOCK.length()));
        try (FileChannel channel = open(lock)) {
            if (channel.tryLock() == null) {
                return;
            }
            if (Files.isDirectory(left)) {
                try (DirectoryStream<Path> copies = Files.newDirectoryStream(left)) {
                    for (Path copy : copies) {
                        Files.deleteIfExists(copy);
                    }
                }
            }
            Files.deleteIfExists(left);
            Files.deleteIfExists(lock);
        } catch (OverlappingFileLockException e) {
            return; // another store of this process
        }
    }

    private static Path lockOf(Path folder) {
        return folder.resolveSibling(folder.getFileName() + LOCK);
    }

    private static FileChannel open(Path lock) throws IOException {
        return FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }
}
