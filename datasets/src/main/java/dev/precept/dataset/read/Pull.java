package dev.precept.dataset.read;

import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
import dev.precept.content.Sha256;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.InvalidDocumentException;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.ReleasedVersion;
import dev.precept.dataset.view.View;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Copies views of a version into a folder and verifies each file against the hash in the manifest. A file that is present
 * and correct is not copied again, and an interrupted copy continues within the file; an incomplete file never has its
 * final name. The card in the folder names what was pulled into it.
 */
public final class Pull {
    private static final String MANIFEST = Layout.MANIFEST;

    /** Selects every view that has rows. */
    private static final String ALL = "all";

    /** The name of the manifest until all files are copied, so that a resumed pull knows its version. */
    private static final String PULLING = ".pulling.json";

    private final Dataset dataset;
    private final String version;
    private final Path folder;
    private final List<Manifest.Shard> shards;
    private final PulledParts parts;
    private final List<Manifest.FileEntry> extraFiles;

    /**
     * A file of a view in the folder.
     *
     * @param copied false if it was present already
     */
    public record CopiedFile(String path, long bytes, boolean copied) {}

    /** A file of a version does not match its manifest, or does not exist. The message is one line. */
    public static final class CorruptFileException extends Exception {
        private static final long serialVersionUID = 1L;

        CorruptFileException(String message) {
            super(message);
        }
    }

    private Pull(
            Dataset dataset,
            String version,
            Path folder,
            List<Manifest.Shard> shards,
            PulledParts parts,
            List<Manifest.FileEntry> extraFiles) {
        this.dataset = dataset;
        this.version = version;
        this.folder = folder;
        this.shards = shards;
        this.parts = parts;
        this.extraFiles = extraFiles;
    }

    /**
     * Lists the files to copy.
     *
     * @param name a version, or a ref such as {@code latest}
     * @throws ConfigurationException if there is no such version or view, or the folder holds another version
     */
    public static Pull prepare(Dataset dataset, String name, String view, Path folder) {
        return prepare(dataset, name, List.of(view), Optional.empty(), folder);
    }

    /**
     * Lists the files of several views.
     *
     * @param views labels; {@code all} for every view that has rows
     * @param split the only split; empty for all
     * @throws ConfigurationException as {@link #prepare(Dataset, String, String, Path)} does, and if a view has no such split
     */
    public static Pull prepare(Dataset dataset, String name, List<String> views, Optional<String> split, Path folder) {
        ReleasedVersion version = ReleasedVersion.resolve(dataset, name);
        List<Manifest.Shard> files = new ArrayList<>();
        PulledParts parts = PulledParts.none();
        List<View> known = new ArrayList<>();
        for (String view : labels(views, version.manifest())) {
            List<Manifest.Shard> of = split.isPresent() ? version.files(view, split.get()) : version.files(view);
            files.addAll(of);
            View.byLabel(view).ifPresent(known::add);
            for (Manifest.Shard file : of) {
                parts = parts.with(View.byLabel(view).orElseThrow(), file.split());
            }
        }
        requireNoOther(folder, version.manifest());
        return new Pull(
                dataset,
                version.name(),
                folder.toAbsolutePath().normalize(),
                files,
                parts,
                version.manifest().extraFilesOf(known));
    }

    private static List<String> labels(List<String> views, Manifest manifest) {
        return views.contains(ALL)
                ? manifest.views().keySet().stream().map(View::label).toList()
                : views.stream().distinct().toList();
    }

    /** A loader would read the files of two versions in one folder as one set. */
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

    /** The version that is copied; a ref is resolved. */
    public String version() {
        return version;
    }

    /** The views and splits that are copied, as text. */
    public String parts() {
        return parts.toString().replace("`", "");
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
     * Copies missing files, then the manifest and the card.
     *
     * @param parallel files copied at the same time
     * @param progress called for each file, from the calling thread
     * @throws CorruptFileException if a file is missing or does not match the manifest; files copied before it remain
     * @throws IOException if the store or the folder fails
     */
    public void copy(int parallel, Consumer<CopiedFile> progress)
            throws IOException, CorruptFileException, InterruptedException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new ConfigurationException(
                    "--to " + folder + ": cannot be created (" + FileErrors.describe(e) + "); name another folder");
        }
        if (!Files.exists(folder.resolve(MANIFEST))) {
            write(PULLING, stored(MANIFEST));
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
        for (Manifest.FileEntry extra : extraFiles) {
            copyExtra(extra);
        }
        write(Layout.CARD, card(stored(Layout.CARD)));
        if (Files.exists(folder.resolve(PULLING))) {
            Files.move(folder.resolve(PULLING), folder.resolve(MANIFEST), StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static IOException unwrapped(ExecutionException e) throws CorruptFileException, IOException {
        switch (e.getCause()) {
            case CorruptFileException corruptFileException -> throw corruptFileException;
            case IOException failure -> throw failure;
            case UncheckedIOException failure -> throw failure;
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
        new PartFile(target, dataset.store(), key(shard.path()), shard).complete();
        return new CopiedFile(shard.path(), shard.bytes(), true);
    }

    private void copyExtra(Manifest.FileEntry extra) throws IOException, CorruptFileException {
        Path target = folder.resolve(extra.path()).normalize();
        byte[] bytes = stored(extra.path());
        if (!target.startsWith(folder) || !Sha256.hex(bytes).equals(extra.sha256())) {
            throw new CorruptFileException(
                    key(extra.path()) + ": is not the file that the manifest names; do not trust this dataset");
        }
        Files.createDirectories(target.getParent());
        write(extra.path(), bytes);
    }

    /** The card for what the folder has now. */
    private byte[] card(byte[] released) throws IOException {
        Path before = folder.resolve(Layout.CARD);
        PulledParts all =
                Files.exists(before) ? PulledParts.of(Files.readString(before)).and(parts) : parts;
        return all.restrict(new String(released, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }

    private byte[] stored(String name) throws IOException {
        return dataset.store()
                .read(key(name))
                .orElseThrow(() -> new ConfigurationException(key(name) + ": is missing; the version is not complete"));
    }

    private void write(String name, byte[] text) throws IOException {
        Path part = folder.resolve(name + ".part");
        try {
            Files.write(part, text);
            Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private String key(String path) {
        return Layout.releaseFile(version, path);
    }
}
