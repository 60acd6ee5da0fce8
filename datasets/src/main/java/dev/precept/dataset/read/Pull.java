package dev.precept.dataset.read;

import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
import dev.precept.content.Sha256;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.InvalidDocumentException;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.ReleasedVersion;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Copies one view of a version into a folder, every file checked against the hash that the manifest names. What lies there
 * already, whole and right, is not copied again; what is not whole never has its final name.
 */
public final class Pull {
    private static final String MANIFEST = Layout.MANIFEST;

    /** The manifest until all is there, so that a pull that goes on knows which version it began. */
    private static final String PULLING = ".pulling.json";

    private final Dataset dataset;
    private final String version;
    private final Path folder;
    private final List<Manifest.Shard> shards;

    /**
     * What became of one file.
     *
     * @param copied false if it lay there already
     */
    public record CopiedFile(String path, long bytes, boolean copied) {}

    /** A file of the version is not what its manifest names, or is not there. The message is one line. */
    public static final class CorruptFileException extends Exception {
        private static final long serialVersionUID = 1L;

        CorruptFileException(String message) {
            super(message);
        }
    }

    private Pull(Dataset dataset, String version, Path folder, List<Manifest.Shard> shards) {
        this.dataset = dataset;
        this.version = version;
        this.folder = folder;
        this.shards = shards;
    }

    /**
     * Looks up what is to be copied.
     *
     * @param name of a version, or of a ref that names one, such as {@code latest}
     * @throws ConfigurationException if there is no such version, or it has no such view, or the folder holds another version
     */
    public static Pull prepare(Dataset dataset, String name, String view, Path folder) {
        ReleasedVersion version = ReleasedVersion.resolve(dataset, name);
        List<Manifest.Shard> files = version.files(view);
        requireNoOther(folder, version.manifest());
        return new Pull(dataset, version.name(), folder.toAbsolutePath().normalize(), files);
    }

    /** Files of two versions in one folder would be one set to a loader. */
    private static void requireNoOther(Path folder, Manifest manifest) {
        for (String name : List.of(MANIFEST, PULLING)) {
            Manifest held;
            try {
                held = Manifest.read(Files.readAllBytes(folder.resolve(name)));
            } catch (InvalidDocumentException e) {
                throw new ConfigurationException("--to " + folder + ": its " + name + " is not a manifest ("
                        + e.getMessage() + "); name another folder");
            } catch (IOException e) {
                continue; // none: then no file was copied
            }
            if (!held.equals(manifest)) {
                throw new ConfigurationException("--to " + folder + ": holds version " + held.version()
                        + " of dataset " + held.datasetId() + ", not version " + manifest.version() + " of "
                        + manifest.datasetId() + "; name the version that it holds, or another folder");
            }
        }
    }

    /** The version that is copied, where a ref was named. */
    public String version() {
        return version;
    }

    public int files() {
        return shards.size();
    }

    public long rows() {
        return shards.stream().mapToLong(Manifest.Shard::rows).sum();
    }

    public long bytes() {
        return shards.stream().mapToLong(Manifest.Shard::bytes).sum();
    }

    /**
     * Copies what is missing, then the manifest and the card.
     *
     * @param parallel files at a time
     * @param progress told of each file, one at a time
     * @throws CorruptFileException if a file of the version is missing or is another one; those before it stay
     * @throws IOException if the store or the folder fails
     */
    public void copy(int parallel, Consumer<CopiedFile> progress)
            throws IOException, CorruptFileException, InterruptedException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new ConfigurationException(
                    "--to " + folder + ": cannot be made (" + FileErrors.describe(e) + "); name a folder that can");
        }
        if (!Files.exists(folder.resolve(MANIFEST))) {
            copyMetadata(MANIFEST, PULLING);
        }
        try (ExecutorService workers = Executors.newFixedThreadPool(parallel)) {
            List<Future<CopiedFile>> copies = new ArrayList<>();
            shards.forEach(shard -> copies.add(workers.submit(() -> copyShard(shard))));
            try {
                for (Future<CopiedFile> copy : copies) {
                    progress.accept(copy.get());
                }
            } catch (ExecutionException e) {
                workers.shutdownNow();
                throw unwrapped(e);
            }
        }
        copyMetadata(Layout.CARD, Layout.CARD);
        if (Files.exists(folder.resolve(PULLING))) {
            Files.move(folder.resolve(PULLING), folder.resolve(MANIFEST), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static IOException unwrapped(ExecutionException e) throws CorruptFileException, IOException {
        switch (e.getCause()) {
            case CorruptFileException corruptFileException -> throw corruptFileException;
            case IOException trouble -> throw trouble;
            case UncheckedIOException trouble -> throw trouble;
            case null, default -> throw new IllegalStateException("a file could not be copied", e);
        }
    }

    private CopiedFile copyShard(Manifest.Shard shard) throws IOException, CorruptFileException {
        Path target = folder.resolve(shard.path()).normalize();
        if (!target.startsWith(folder)) {
            throw new CorruptFileException(
                    key(shard.path()) + ": its path leads out of the version; do not trust this dataset");
        }
        if (Files.exists(target) && Sha256.hex(target).equals(shard.sha256())) {
            return new CopiedFile(shard.path(), shard.bytes(), false);
        }
        Files.createDirectories(target.getParent());
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            Files.copy(source(shard), part, StandardCopyOption.REPLACE_EXISTING);
            String found = Sha256.hex(part);
            if (!found.equals(shard.sha256())) {
                throw new CorruptFileException(
                        key(shard.path()) + ": has the SHA-256 " + found + ", the manifest names "
                                + shard.sha256()
                                + "; the stored file is damaged: put the right one back, or release again under another name");
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
        return new CopiedFile(shard.path(), shard.bytes(), true);
    }

    private Path source(Manifest.Shard shard) throws IOException, CorruptFileException {
        String key = key(shard.path());
        if (dataset.store().list(key).stream().noneMatch(key::equals)) {
            throw new CorruptFileException(
                    key + ": the manifest names it, and it is not there; put it back, or release again under"
                            + " another name");
        }
        try {
            return dataset.store().fetch(key);
        } catch (StoreException.Corrupt e) {
            throw new CorruptFileException(
                    key + ": the stored file is damaged, what comes back is not what was stored; put the right"
                            + " one back, or release again under another name");
        }
    }

    private void copyMetadata(String name, String as) throws IOException {
        byte[] text = dataset.store()
                .read(key(name))
                .orElseThrow(() -> new ConfigurationException(key(name) + ": is missing; the version is not whole"));
        Path part = folder.resolve(name + ".part");
        try {
            Files.write(part, text);
            Files.move(part, folder.resolve(as), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private String key(String path) {
        return Layout.releaseFile(version, path);
    }
}
