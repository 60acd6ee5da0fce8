package dev.precept.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A folder as a store. A key is created by a hard link to a file that was already forced to disk, so a crash leaves the
 * whole object or none; only disposable content is written in place.
 */
public final class LocalStore implements ObjectStore {
    private final Path root;
    private final Path staging;
    private final boolean readOnly;

    private LocalStore(Path root, boolean readOnly) {
        this.root = root.toAbsolutePath().normalize();
        this.staging = this.root.resolve(STAGING_PREFIX);
        this.readOnly = readOnly;
    }

    /**
     * Opens a folder, creating it if it does not exist, and verifies that a second create of a key fails.
     *
     * @throws StoreException.Misconfigured if the file system lets a key be created twice, or has no hard links
     * @throws IOException if the folder cannot be written
     */
    public static LocalStore open(Path folder) throws IOException {
        LocalStore store = new LocalStore(folder, false);
        String probe = PROBE_PREFIX + UUID.randomUUID();
        Files.createDirectories(store.staging);
        boolean first = store.createIfAbsent(probe, new byte[] {1});
        boolean second = store.createIfAbsent(probe, new byte[] {2});
        Files.deleteIfExists(store.path(probe));
        if (!first || second) {
            throw new StoreException.Misconfigured(
                    store.location() + ": its file system lets a key be created twice; name a folder of another one");
        }
        return store;
    }

    /**
     * Opens a folder to read. Nothing is created in it, so it may be on a file system that is mounted read-only; a create or
     * a delete fails.
     *
     * @throws NoSuchFileException if there is no such folder
     */
    public static LocalStore openReadOnly(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder.toString());
        }
        return new LocalStore(folder, true);
    }

    @Override
    public boolean createIfAbsent(String key, Path content) throws IOException {
        requireWritable();
        Path staged = stagingFile();
        try {
            Files.copy(content, staged);
            force(staged);
            return link(staged, path(key));
        } finally {
            Files.deleteIfExists(staged);
        }
    }

    @Override
    public boolean createIfAbsent(String key, byte[] content) throws IOException {
        requireWritable();
        Path staged = write(content);
        try {
            return link(staged, path(key));
        } finally {
            Files.deleteIfExists(staged);
        }
    }

    @Override
    public boolean createSecretIfAbsent(String key, byte[] content) throws IOException {
        requireWritable();
        Path staged = write(content, ownerOnly());
        try {
            return link(staged, path(key));
        } finally {
            Files.deleteIfExists(staged);
        }
    }

    /** Written in place and not forced to disk: a forced file and its link take four times the CPU time. */
    @Override
    public boolean createDisposable(String key, byte[] content) throws IOException {
        requireWritable();
        Path file = path(key);
        try {
            return writeInPlace(file, content);
        } catch (NoSuchFileException noFolder) {
            Files.createDirectories(parent(file));
            return writeInPlace(file, content);
        }
    }

    private static boolean writeInPlace(Path file, byte[] content) throws IOException {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            try {
                writeAll(out, content);
                return true;
            } catch (IOException e) {
                Files.deleteIfExists(file);
                throw e;
            }
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    private static void writeAll(FileChannel out, byte[] content) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }

    /** Attributes of a file that only its owner may read; none where the file system has no such permissions. */
    private FileAttribute<?>[] ownerOnly() {
        return root.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    @Override
    public Optional<byte[]> read(String key) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(path(key)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public Path fetch(String key) throws IOException {
        Path file = path(key);
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString());
        }
        return file;
    }

    @Override
    public void delete(String key) throws IOException {
        requireWritable();
        Files.deleteIfExists(path(key));
    }

    @Override
    public void visitObjects(String prefix, String after, ObjectVisitor visitor) throws IOException {
        int slash = prefix.lastIndexOf('/');
        Path from = slash < 0 ? root : path(prefix.substring(0, slash));
        if (Files.isDirectory(from)) {
            visit(from, prefix.substring(0, slash + 1), new Listing(prefix, after, visitor));
        }
    }

    private record Listing(String prefix, String after, ObjectVisitor visitor) {
        /** Whether a folder may hold keys of the listing. */
        boolean mayHold(String folder) {
            boolean hidden = folder.equals(STAGING_PREFIX) && !prefix.startsWith(STAGING_PREFIX);
            return !hidden
                    && (folder.startsWith(prefix) || prefix.startsWith(folder))
                    && (folder.compareTo(after) > 0 || after.startsWith(folder));
        }

        boolean has(String key) {
            return key.startsWith(prefix) && key.compareTo(after) > 0;
        }
    }

    /** Visits a folder and the ones below, in order of keys: a folder sorts as its name with a slash. */
    private static boolean visit(Path folder, String folderKey, Listing listing) throws IOException {
        for (Map.Entry<String, Path> entry : children(folder, folderKey).entrySet()) {
            String key = entry.getKey();
            boolean isFolder = key.endsWith("/");
            if (isFolder ? !listing.mayHold(key) : !listing.has(key)) {
                continue;
            }
            boolean more = isFolder ? visit(entry.getValue(), key, listing) : visitFile(entry.getValue(), key, listing);
            if (!more) {
                return false;
            }
        }
        return true;
    }

    private static SortedMap<String, Path> children(Path folder, String folderKey) throws IOException {
        SortedMap<String, Path> children = new TreeMap<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
            for (Path path : paths) {
                boolean isFolder = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
                children.put(folderKey + path.getFileName() + (isFolder ? "/" : ""), path);
            }
            return children;
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } catch (NoSuchFileException e) {
            return children; // deleted concurrently
        }
    }

    private static boolean visitFile(Path file, String key, Listing listing) throws IOException {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return !attributes.isRegularFile()
                    || listing.visitor()
                            .visit(new ObjectInfo(
                                    key,
                                    attributes.size(),
                                    attributes.lastModifiedTime().toInstant()));
        } catch (NoSuchFileException e) {
            return true; // deleted concurrently
        }
    }

    @Override
    public String location() {
        return root.toString();
    }

    private void requireWritable() throws StoreException.Misconfigured {
        if (readOnly) {
            throw new StoreException.Misconfigured(location() + ": was opened to read; open it to write");
        }
    }

    private Path path(String key) {
        Path path = root.resolve(key).normalize();
        if (!path.startsWith(root)) {
            throw new IllegalArgumentException("key '" + key + "' is outside the store");
        }
        return path;
    }

    private Path stagingFile() {
        return staging.resolve(UUID.randomUUID().toString());
    }

    private Path write(byte[] content, FileAttribute<?>... attributes) throws IOException {
        Path staged = stagingFile();
        try (FileChannel out =
                FileChannel.open(staged, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
            writeAll(out, content);
            out.force(true);
        }
        return staged;
    }

    private static boolean link(Path staged, Path target) throws IOException {
        makeFolder(parent(target));
        try {
            Files.createLink(target, staged);
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (UnsupportedOperationException e) {
            throw new StoreException.Misconfigured(
                    target + ": its file system has no hard links; name a folder of another one", e);
        }
        force(parent(target));
        return true;
    }

    /** Forces the parent of every new folder: a power failure must not lose the folder and its keys. */
    private static void makeFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            makeFolder(parent(folder));
            Files.createDirectories(folder);
            force(parent(folder));
        }
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException(path + " has no folder");
        }
        return parent;
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
