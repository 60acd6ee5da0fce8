package dev.precept.runtime;

import dev.precept.runtime.config.ConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The folder that makes a run resumable on one machine: the log, state, ids and secrets of one run. */
public final class WorkFolder {
    private final Path root;

    public WorkFolder(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    public Path root() {
        return root;
    }

    /** A file or folder below the work folder. */
    public Path resolve(String name) {
        return root.resolve(name);
    }

    /** Creates the folder if need be and proves that it can be written. */
    public void prepare() {
        try {
            Files.createDirectories(root);
            Files.delete(Files.createTempFile(root, "writable", null));
        } catch (IOException e) {
            throw new ConfigurationException("--work " + root + ": cannot be written (" + reason(e)
                    + "); name a folder that can, or change its permissions");
        }
    }

    /**
     * Takes the folder for this process alone; the operating system gives it back when the process ends, however it ends.
     *
     * @throws ConfigurationException if another process has it
     */
    public Lock lock() {
        try {
            FileChannel channel =
                    FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new ConfigurationException("--work " + root
                        + ": in use by another process; wait for it, stop it, or name another work folder");
            }
            return new Lock(channel);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock " + root, e);
        }
    }

    /** Whether a live process has the folder. */
    public boolean inUse() {
        if (!Files.exists(root.resolve("lock"))) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(root.resolve("lock"), StandardOpenOption.WRITE)) {
            FileLock lock = tryLock(channel);
            return lock == null;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at the lock of " + root, e);
        }
    }

    /** The text of a file below the folder. */
    public Optional<String> read(String name) {
        Path file = root.resolve(name);
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Replaces a file as a whole and forces it to disk: after a crash it holds the old text or the new one. */
    public void write(String name, String text) {
        Path file = root.resolve(name);
        Path draft = root.resolve(name + ".new");
        try {
            try (FileChannel out = FileChannel.open(
                    draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                out.write(StandardCharsets.UTF_8.encode(text));
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

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // this very process has it
        }
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName() + ": " + e.getMessage();
    }

    /** Held as long as the process works on the folder. */
    public static final class Lock implements AutoCloseable {
        private final FileChannel channel;

        private Lock(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot release the work folder", e);
            }
        }
    }
}
