package dev.precept.runtime;

import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The local folder of one run: broker log, state, ids and secrets. A run resumes from it. */
public final class WorkFolder {
    /** Closing any channel of a file releases all locks of this process on it, so a locked file must not be opened again. */
    private static final Set<Path> LOCKED = ConcurrentHashMap.newKeySet();

    private static final String LOCK = "lock";

    private final Path root;
    private final String option;

    /** A folder that was named with {@code --work}. */
    public WorkFolder(Path root) {
        this(root, "--work");
    }

    /** @param option that named the folder; messages begin with it */
    public WorkFolder(Path root, String option) {
        this.root = root.toAbsolutePath().normalize();
        this.option = option;
    }

    public Path root() {
        return root;
    }

    /** The path of a file or folder in the work folder. */
    public Path resolve(String name) {
        return root.resolve(name);
    }

    /** Creates the folder if it is missing and checks that it is writable. */
    public void prepare() {
        try {
            Files.createDirectories(root);
            Files.delete(Files.createTempFile(root, "writable", null));
        } catch (IOException e) {
            throw new ConfigurationException(option + " " + root + ": cannot be written (" + FileErrors.describe(e)
                    + "); name another folder, or change its permissions");
        }
    }

    /**
     * Locks the folder for this process. The operating system releases the lock when the process ends, even by a crash.
     *
     * @throws ConfigurationException if another process holds the lock
     */
    public Lock lock() {
        return lock(LOCK, ": in use by another process; wait for it, stop it, or name another work folder");
    }

    /**
     * Locks the part of the folder that one role writes. Other roles may use the folder at the same time.
     *
     * @throws ConfigurationException if another process of the role holds the lock
     */
    public Lock lock(String role) {
        return lock(
                role + ".lock",
                ": in use by another 'precept worker " + role + "'; give each process a folder of its own, or stop the"
                        + " other process");
    }

    private Lock lock(String name, String inUse) {
        Path file = root.resolve(name);
        if (!LOCKED.add(file)) {
            throw new ConfigurationException(option + " " + root + inUse);
        }
        boolean locked = false;
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                throw new ConfigurationException(option + " " + root + inUse);
            }
            locked = true;
            return new Lock(file, channel);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock " + root, e);
        } finally {
            if (!locked) {
                LOCKED.remove(file);
            }
        }
    }

    /** Whether a running process holds the lock. */
    public boolean isInUse() {
        Path file = root.resolve(LOCK);
        if (LOCKED.contains(file)) {
            return true;
        }
        if (!Files.exists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            return channel.tryLock() == null;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot check the lock of " + root, e);
        }
    }

    /** Reads a text file of the folder. */
    public Optional<String> read(String name) {
        Path file = root.resolve(name);
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Replaces a file atomically and forces it to disk. */
    public void write(String name, String text) {
        replace(name, text);
    }

    /** As {@link #write}; only the owner may read the file, where the file system has such permissions. */
    public void writeSecret(String name, String text) {
        if (root.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            replace(name, text, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            replace(name, text);
        }
    }

    private void replace(String name, String text, FileAttribute<?>... attributes) {
        Path file = root.resolve(name);
        Path draft = root.resolve(name + ".new");
        try {
            Files.deleteIfExists(draft); // of a process that was killed
            try (FileChannel out = FileChannel.open(
                    draft, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
                for (ByteBuffer bytes = StandardCharsets.UTF_8.encode(text); bytes.hasRemaining(); ) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel folder = FileChannel.open(root)) {
                folder.force(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Deletes a file if it exists. */
    public void delete(String name) {
        try {
            Files.deleteIfExists(root.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + root.resolve(name), e);
        }
    }

    /** The lock of the folder. */
    public static final class Lock implements AutoCloseable {
        private final Path file;
        private final FileChannel channel;

        private Lock(Path file, FileChannel channel) {
            this.file = file;
            this.channel = channel;
        }

        @Override
        public void close() {
            try {
                if (channel.isOpen()) {
                    channel.close();
                    LOCKED.remove(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot release the work folder", e);
            }
        }
    }
}
