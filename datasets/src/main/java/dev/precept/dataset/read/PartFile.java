package dev.precept.dataset.read;

import dev.precept.content.Sha256;
import dev.precept.dataset.Manifest;
import dev.precept.store.ObjectStore;
import dev.precept.store.StoreException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * The incomplete copy of a shard beside its target, under the name of the target with {@code .part}. It holds a prefix of
 * the content. An interrupted copy keeps it, and the next one hashes it and continues at its end.
 */
final class PartFile {
    private static final int CHUNK = 1 << 18;

    private final Path target;
    private final Path part;
    private final ObjectStore store;
    private final String key;
    private final Manifest.Shard shard;

    PartFile(Path target, ObjectStore store, String key, Manifest.Shard shard) {
        this.target = target;
        this.part = target.resolveSibling(target.getFileName() + ".part");
        this.store = store;
        this.key = key;
        this.shard = shard;
    }

    /**
     * Copies the missing bytes, and gives the file its name if its hash is right.
     *
     * @throws Pull.CorruptFileException if the stored content is missing or is not that of the manifest; nothing is kept
     * @throws IOException if the store or the folder fails, or another process writes the file; what was copied is kept
     */
    void complete() throws IOException, Pull.CorruptFileException {
        try (FileChannel file = FileChannel.open(
                        part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock _ = lock(file)) {
            boolean resumed = file.size() > 0;
            String damage = copy(file);
            if (damage != null && resumed) {
                file.truncate(0); // the prefix may be the damaged part
                damage = copy(file);
            }
            if (damage == null) {
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                return;
            }
            Files.deleteIfExists(part);
            throw corrupt(damage);
        }
    }

    private FileLock lock(FileChannel file) throws IOException {
        try {
            FileLock lock = file.tryLock();
            if (lock != null) {
                return lock;
            }
        } catch (OverlappingFileLockException e) {
            // another pull of this process
        }
        throw new IOException(part + " is being written by another pull");
    }

    /** @return what is wrong with the content; null if it is complete and right */
    private @Nullable String copy(FileChannel file) throws IOException, Pull.CorruptFileException {
        if (file.size() > shard.bytes()) {
            file.truncate(0);
        }
        MessageDigest digest = Sha256.newDigest();
        long size = hash(file, digest);
        if (size < shard.bytes()) {
            try (InputStream in = store.open(key, size)) {
                size = append(in, file, size, digest);
            } catch (EOFException e) {
                return "has fewer bytes than the " + shard.bytes() + " that the manifest names";
            } catch (NoSuchFileException e) {
                Files.deleteIfExists(part);
                throw new Pull.CorruptFileException(key + ": does not exist, but the manifest names it; put it back, or"
                        + " release again under another name");
            } catch (StoreException.Corrupt e) {
                return "the stored file is damaged";
            }
        }
        if (size != shard.bytes()) {
            return "has " + (size < shard.bytes() ? size : "more") + " bytes, the manifest names " + shard.bytes();
        }
        String found = Sha256.hex(digest);
        return found.equals(shard.sha256())
                ? null
                : "has the SHA-256 " + found + ", the manifest names " + shard.sha256();
    }

    private static long hash(FileChannel file, MessageDigest digest) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        file.position(0);
        long size = 0;
        for (int read = file.read(chunk); read >= 0; read = file.read(chunk)) {
            size += read;
            digest.update(chunk.flip());
            chunk.clear();
        }
        return size;
    }

    /** Copies until the end, or until the first byte too many. */
    private long append(InputStream in, FileChannel file, long from, MessageDigest digest) throws IOException {
        byte[] chunk = new byte[CHUNK];
        long size = from;
        for (int read = in.read(chunk); read >= 0 && size <= shard.bytes(); read = in.read(chunk)) {
            ByteBuffer bytes = ByteBuffer.wrap(chunk, 0, read);
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            digest.update(chunk, 0, read);
            size += read;
        }
        return size;
    }

    private Pull.CorruptFileException corrupt(String damage) {
        return new Pull.CorruptFileException(key + ": " + damage
                + "; the stored file is damaged: put the right one back, or release again under another name");
    }
}
