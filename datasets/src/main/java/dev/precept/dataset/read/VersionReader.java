package dev.precept.dataset.read;

import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
import dev.precept.content.Sha256;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.InvalidDocumentException;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.ReleasedVersion;
import dev.precept.dataset.WorldSizes;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of a view of a version, in order, from any row on. Earlier shards are not opened, and earlier row groups of
 * the same shard are not decoded. Each shard is verified against the hash in the manifest before its first row. For one
 * thread.
 */
public final class VersionReader implements AutoCloseable {
    private final String version;
    private final Query query;
    private final Source source;
    private final List<Manifest.Shard> shards;
    private int at;
    private long row;
    private @Nullable ShardRows open;
    private @Nullable Path openFile;

    private VersionReader(String version, Query query, Source source, List<Manifest.Shard> shards) {
        this.version = version;
        this.query = query;
        this.source = source;
        this.shards = shards;
    }

    /** One split of a view; rank r of n reads the shards r, r + n, r + 2n and so on. */
    public record Query(String view, String split, int rank, int worldSize) {
        /** @throws ConfigurationException unless the rank is below the world size */
        public Query {
            if (worldSize < 1 || rank < 0 || rank >= worldSize) {
                throw new ConfigurationException(
                        "--rank " + rank + " --world-size " + worldSize + ": ranks are 0 to world size - 1");
            }
        }
    }

    /** A row, and the cursor that resumes after it. */
    public record Row(Cursor cursor, IndexedRecord columns) {}

    private interface Source {
        /** @throws NoSuchFileException if it does not exist */
        Path file(String path) throws IOException;

        /** Called after the last use of a file. */
        default void discard(Path file) throws IOException {}
    }

    /** The shards in the store of a dataset. */
    private record StoredVersion(ObjectStore store, String version) implements Source {
        @Override
        public Path file(String path) throws IOException {
            return store.fetch(Layout.releaseFile(version, path));
        }

        @Override
        public void discard(Path file) throws IOException {
            store.discard(file);
        }
    }

    /**
     * Reads a version from its dataset.
     *
     * @param name a version, or a ref, which is resolved once
     * @param after the last consumed row; empty to start with the first
     * @throws ConfigurationException if there is no such version, view, split or row, or the number of shards is not a
     *     multiple of the world size
     */
    public static VersionReader openVersion(Dataset dataset, String name, Query query, Optional<Cursor> after) {
        ReleasedVersion version = ReleasedVersion.resolve(dataset, name);
        Source source = new StoredVersion(dataset.store(), version.name());
        return openVersion(version, query, source, after);
    }

    /**
     * Reads a folder that {@link Pull} wrote; the other parameters are those of {@link #openVersion}.
     *
     * @throws ConfigurationException also if the folder holds no version, or not this view and split of it
     */
    public static VersionReader openFolder(Path pulled, Query query, Optional<Cursor> after) {
        Manifest manifest;
        try {
            manifest = Manifest.read(Files.readAllBytes(pulled.resolve(Layout.MANIFEST)));
        } catch (InvalidDocumentException e) {
            throw noVersion(pulled, Layout.MANIFEST, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw noVersion(pulled, Layout.MANIFEST, FileErrors.describe(e));
        }
        ReleasedVersion version = new ReleasedVersion(manifest.version(), manifest);
        requirePulled(pulled, version, query);
        return openVersion(version, query, pulled::resolve, after);
    }

    /** What was never pulled is no damage. A folder without a card is taken as the whole version. */
    private static void requirePulled(Path pulled, ReleasedVersion version, Query query) {
        version.files(query.view, query.split);
        PulledParts parts;
        try {
            parts = PulledParts.of(Files.readString(pulled.resolve(Layout.CARD)));
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            throw noVersion(pulled, Layout.CARD, FileErrors.describe(e));
        }
        boolean isHere = View.byLabel(query.view)
                .flatMap(view -> Split.byLabel(query.split).map(split -> parts.contains(view, split)))
                .orElse(true);
        if (!isHere && !parts.isEmpty()) {
            throw new ConfigurationException("--in " + pulled + ": of " + version.name() + " only "
                    + parts.toString().replace("`", "") + " was pulled; 'precept pull DATASET@" + version.name()
                    + " --view " + query.view + " --to " + pulled + "' adds " + query.view + " (" + query.split + ")");
        }
    }

    private static ConfigurationException noVersion(Path pulled, String file, String why) {
        return new ConfigurationException(
                "--in " + pulled + ": holds no version (" + file + ": " + why + "); 'precept pull' copies one into it");
    }

    private static VersionReader openVersion(
            ReleasedVersion version, Query query, Source source, Optional<Cursor> after) {
        List<Manifest.Shard> shards = version.files(query.view, query.split);
        if (shards.size() % query.worldSize != 0) {
            throw new ConfigurationException("--world-size " + query.worldSize + ": " + shards.size() + " shards of "
                    + version.name() + " cannot be divided equally; give one of "
                    + WorldSizes.dividing(shards.size()) + ", or release with --shards");
        }
        VersionReader reader = new VersionReader(version.name(), query, source, shards);
        reader.at = query.rank;
        after.ifPresent(reader::resumeAfter);
        return reader;
    }

    private void resumeAfter(Cursor cursor) {
        Cursor here = new Cursor(version, query.view, query.split, cursor.shard(), cursor.row());
        if (!cursor.equals(here)) {
            throw refused(
                    cursor, "is not of " + version + "/" + query.view + "/" + query.split + ", which is being read");
        } else if (cursor.shard() >= shards.size()) {
            throw refused(cursor, "is beyond the end: the last shard is " + (shards.size() - 1));
        } else if (cursor.row() >= shards.get(cursor.shard()).rows()) {
            throw refused(
                    cursor,
                    "is beyond the end: shard " + cursor.shard() + " has "
                            + shards.get(cursor.shard()).rows() + " rows");
        } else if (cursor.shard() % query.worldSize != query.rank) {
            throw refused(cursor, "is of rank " + cursor.shard() % query.worldSize + " of " + query.worldSize);
        }
        at = cursor.shard();
        row = cursor.row() + 1;
    }

    private static ConfigurationException refused(Cursor cursor, String why) {
        return new ConfigurationException(
                "--from " + cursor + ": " + why + "; give a cursor of this version, view, split and rank");
    }

    /** The version that is read; a ref is resolved. */
    public String version() {
        return version;
    }

    /**
     * The next row; null at the end.
     *
     * @throws Pull.CorruptFileException if a shard is missing or does not match the manifest
     * @throws IOException if the store fails; a new reader resumes from the last cursor
     */
    public @Nullable Row next() throws IOException, Pull.CorruptFileException {
        for (; at < shards.size(); at += query.worldSize, row = 0) {
            if (row < shards.get(at).rows()) {
                ShardRows reader = open == null ? opened(shards.get(at)) : open;
                open = reader;
                IndexedRecord columns = reader.next();
                if (columns == null) {
                    throw new IOException(shards.get(at).path() + " ended before its last row");
                }
                return new Row(new Cursor(version, query.view, query.split, at, row++), columns);
            }
            close();
        }
        return null;
    }

    private ShardRows opened(Manifest.Shard shard) throws IOException, Pull.CorruptFileException {
        try {
            Path file = source.file(shard.path());
            openFile = file;
            String found = Sha256.hex(file);
            if (!found.equals(shard.sha256())) {
                throw damaged(shard, "has the SHA-256 " + found + ", the manifest names " + shard.sha256());
            }
            return ShardRows.open(View.byLabel(query.view).orElseThrow(), file, row);
        } catch (NoSuchFileException e) {
            throw damaged(shard, "does not exist, but the manifest names it");
        }
    }

    private Pull.CorruptFileException damaged(Manifest.Shard shard, String what) {
        return new Pull.CorruptFileException(version + "/" + shard.path() + ": " + what
                + "; put the right file back, or read another copy of this version");
    }

    @Override
    public void close() throws IOException {
        if (open != null) {
            open.close();
            open = null;
        }
        Path read = openFile;
        openFile = null;
        if (read != null) {
            source.discard(read);
        }
    }
}
