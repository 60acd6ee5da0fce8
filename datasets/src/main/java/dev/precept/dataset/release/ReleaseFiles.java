package dev.precept.dataset.release;

import dev.precept.config.ConfigurationException;
import dev.precept.content.Sha256;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.ReleasePlan;
import dev.precept.dataset.view.View;
import dev.precept.store.ObjectStore;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of a version at their final keys. Equal keys have equal bytes, whichever process writes them, so a file that is
 * there already is kept and never replaced. Thread-safe.
 */
final class ReleaseFiles {
    /** Ids of the samples that the version leaves out, below the folder of the version. */
    static final String REMOVED = "removed/removed-00000-of-00001.parquet";

    /** What a release writes below its folder, whatever its settings. */
    private static final Pattern WRITTEN = Pattern.compile(
            "README\\.md|removed/removed-\\d+-of-\\d+\\.parquet|[a-z-]+/([a-z]+)/\\1-\\d+-of-\\d+\\.(parquet|jsonl)|"
                    + ExtraFiles.PATTERN);

    private static final Pattern EXTRA = Pattern.compile(ExtraFiles.PATTERN);

    private static final Pattern SHARD = Pattern.compile(
            "(?<view>[a-z-]+)/(?<split>train|validation)/\\k<split>-(?<index>\\d{5})-of-(?<of>\\d{5})(?<end>\\.parquet|\\.jsonl)");

    private final ObjectStore store;
    private final String version;

    /**
     * The folder has a file that this release does not write: one of an abandoned release of the name that went on writing
     * until it found out. The message is one line.
     */
    static final class ForeignFileException extends IOException {
        private static final long serialVersionUID = 1L;

        private ForeignFileException(String message) {
            super(message);
        }
    }

    ReleaseFiles(Dataset dataset, String version) {
        this.store = dataset.store();
        this.version = version;
    }

    /**
     * Stores a file.
     *
     * @throws ForeignFileException if the key has other bytes
     */
    void put(String path, Path file, String sha256) throws IOException {
        String key = Layout.releaseFile(version, path);
        if (!store.createIfAbsent(key, file)) {
            requireEqual(key, Files.size(file), sha256);
        }
    }

    /** As {@link #put(String, Path, String)}, with these bytes. */
    void put(String path, byte[] bytes) throws IOException {
        String key = Layout.releaseFile(version, path);
        if (!store.createIfAbsent(key, bytes)) {
            requireEqual(key, bytes.length, Sha256.hex(bytes));
        }
    }

    private void requireEqual(String key, long bytes, String sha256) throws IOException {
        Path stored = store.fetch(key);
        if (Files.size(stored) != bytes || !Sha256.hex(stored).equals(sha256)) {
            throw foreign(key);
        }
    }

    /** @throws ForeignFileException if the folder has a file that is not of this plan: a loader would read it */
    void requireOnlyPlanned(ReleasePlan plan) throws IOException {
        Set<String> planned =
                Set.of(Layout.manifest(version), Layout.card(version), Layout.releaseFile(version, REMOVED));
        for (String key : store.list(Layout.release(version))) {
            String path = key.substring(Layout.release(version).length());
            if (!planned.contains(key)
                    && !isShardOf(plan, path)
                    && !EXTRA.matcher(path).matches()) {
                throw unplanned(key);
            }
        }
    }

    /** How many files a split has is known when the rows are; what is not of the version is found at its end. */
    private static boolean isShardOf(ReleasePlan plan, String path) {
        Matcher shard = SHARD.matcher(path);
        return shard.matches()
                && View.byLabel(shard.group("view"))
                        .filter(plan.recipe().views()::contains)
                        .filter(view -> view.extension().equals(shard.group("end")))
                        .isPresent()
                && Integer.parseInt(shard.group("index")) < Integer.parseInt(shard.group("of"))
                && Integer.parseInt(shard.group("of")) <= plan.recipe().shards();
    }

    /**
     * @throws StoreException.Corrupt if the folder does not have the files of the manifest
     * @throws ForeignFileException if it has others
     */
    void requireStored(Manifest manifest) throws IOException {
        Map<String, Long> expected = new HashMap<>();
        expected.put(Layout.card(version), manifest.card().bytes());
        expected.put(
                Layout.releaseFile(version, manifest.removed().file().path()),
                manifest.removed().file().bytes());
        manifest.extraFiles().forEach(file -> expected.put(Layout.releaseFile(version, file.path()), file.bytes()));
        manifest.views()
                .values()
                .forEach(shards -> shards.forEach(
                        shard -> expected.put(Layout.releaseFile(version, shard.path()), shard.bytes())));
        for (ObjectStore.ObjectInfo stored : store.listObjects(Layout.release(version))) {
            Long bytes = expected.remove(stored.key());
            if (bytes == null && !stored.key().equals(Layout.manifest(version))) {
                throw unplanned(stored.key());
            } else if (bytes != null && bytes != stored.bytes()) {
                throw new StoreException.Corrupt(store.location() + "/" + stored.key() + " has " + stored.bytes()
                        + " bytes, this release wrote " + bytes + "; it was replaced, so " + version
                        + " was not released");
            }
        }
        if (!expected.isEmpty()) {
            throw new StoreException.Corrupt(store.location() + "/"
                    + new TreeSet<>(expected.keySet()).first() + " was written by this release and is missing; "
                    + version + " was not released: release it again");
        }
    }

    /** A file that no release of the name can have written is not a reason to give up what is stored. */
    private ForeignFileException unplanned(String key) {
        if (!WRITTEN.matcher(key.substring(Layout.release(version).length())).matches()) {
            throw new ConfigurationException(
                    store.location() + "/" + key + " is not of a release; a loader would read it: move it away, then"
                            + " release again; the shards that are stored are kept");
        }
        return foreign(key);
    }

    private ForeignFileException foreign(String key) {
        return new ForeignFileException(store.location() + "/" + key + " is of an earlier release of " + version
                + "; this one was given up, so that its folder is emptied: release again");
    }
}
