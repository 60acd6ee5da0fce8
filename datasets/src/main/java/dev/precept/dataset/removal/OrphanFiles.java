package dev.precept.dataset.removal;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Rewrites;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.plan.ReleasePlans;
import dev.precept.store.ObjectStore;
import dev.precept.store.ObjectStore.ObjectInfo;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Files that crashed processes left in a dataset and that no document and no unfinished plan can name: data without a commit
 * or replaced by a rewrite, files of versions without a manifest, probes and staged files. No other file is ever deleted. A
 * sink stores a data file before its commit, so a file that starts at the end of a chain is kept while a run may still append
 * to the chain, however old the file is: a restarted sink may commit it. So are the files of a release that has claimed its
 * name, and of a rewrite that is not done.
 */
public final class OrphanFiles {
    private final Dataset dataset;
    private final ObjectStore store;
    private final Instant before;
    private final List<ObjectInfo> removable = new ArrayList<>();
    private final List<String> young = new ArrayList<>();
    private final List<String> pendingCommit = new ArrayList<>();
    private final List<String> unfinished = new ArrayList<>();
    private final Map<String, VersionFolder> folders = new HashMap<>();
    private final List<ReleasePlans.Removal> deadRemovals = new ArrayList<>();

    /** A commit or a manifest cannot be read. It may reference any file, so none may be deleted. The message is one line. */
    public static final class UnreadableDocumentException extends IOException {
        private static final long serialVersionUID = 1L;

        UnreadableDocumentException(String message, Exception cause) {
            super(message + "; run 'precept verify'", cause);
        }
    }

    private OrphanFiles(Dataset dataset, Instant before) {
        this.dataset = dataset;
        this.store = dataset.store();
        this.before = before;
    }

    /**
     * Finds the orphan files; deletes nothing.
     *
     * @param olderThan by the clock of the store, not of this machine
     * @throws UnreadableDocumentException if a commit, a manifest or a plan cannot be read
     * @throws IOException if the store fails
     */
    public static OrphanFiles find(Dataset dataset, Duration olderThan) throws IOException {
        OrphanFiles orphanFiles =
                new OrphanFiles(dataset, StoreClock.read(dataset.store()).minus(olderThan));
        try {
            orphanFiles.find();
        } catch (StoreException.Corrupt e) {
            throw new UnreadableDocumentException(e.getMessage() + "; it may name files that would be deleted", e);
        }
        return orphanFiles;
    }

    private void find() throws IOException {
        List<ObjectInfo> stored = new ArrayList<>(DatasetKeys.list(store));
        stored.addAll(store.listObjects(ObjectStore.STAGING_PREFIX));
        // Read after the listing, so that a file referenced meanwhile is not an orphan.
        Rewrites rewrites = Rewrites.read(dataset);
        ReferencedKeys referencedKeys = ReferencedKeys.scan(store);
        DataFiles data =
                new DataFiles(referencedKeys.commits(), rewrites, OpenChains.find(dataset, referencedKeys.commits()));
        Map<Long, Instant> rewritten = rewriteTimes(stored);
        for (ObjectInfo each : stored) {
            switch (Layout.kindOf(each.key())) {
                case PROBE, STAGED -> classify(each, before);
                case DATA -> {
                    if (!referencedKeys.contains(each.key())) {
                        classifyData(each, data, rewritten);
                    }
                }
                case RELEASE,
                        IDENTITY,
                        COMMIT,
                        CHECKPOINT,
                        RUN,
                        SPECIFICATION,
                        TEMPLATE,
                        EVALUATION,
                        GATE,
                        PLAN,
                        REF,
                        WITHDRAWAL,
                        CALIBRATION,
                        REWRITE,
                        AUDIT,
                        CACHE,
                        UNKNOWN -> {}
            }
        }
        for (Map.Entry<String, List<ObjectInfo>> version :
                DatasetKeys.byVersion(stored).entrySet()) {
            VersionFolder folder = VersionFolder.read(dataset, rewrites, version.getKey(), version.getValue());
            classifyVersion(folder, referencedKeys);
        }
        findDeadRemovals(stored);
    }

    /** When each rewrite was done. */
    private static Map<Long, Instant> rewriteTimes(List<ObjectInfo> stored) {
        Map<Long, Instant> times = new HashMap<>();
        stored.forEach(
                each -> Layout.parseDoneRewrite(each.key()).ifPresent(number -> times.put(number, each.modified())));
        return times;
    }

    private void classifyData(ObjectInfo file, DataFiles data, Map<Long, Instant> rewritten) {
        Optional<ChainId.DataKey> key = ChainId.parseDataKey(file.key());
        if (key.isEmpty()) {
            return;
        }
        switch (data.stateOf(file.key(), key.get())) {
            case CURRENT -> {}
            case PLANNED -> unfinished.add(file.key());
            case PENDING -> pendingCommit.add(file.key());
            case SUPERSEDED, ABANDONED -> classify(file, before);
            case REPLACED -> {
                // A reader may have looked the file up just before the rewrite was done.
                Instant done = rewritten.getOrDefault(data.replacedBy(key.get()), Instant.MIN);
                classify(file, done.isBefore(before) ? before : Instant.MIN);
            }
        }
    }

    /** A version in progress is as young as its youngest file. */
    private void classifyVersion(VersionFolder folder, ReferencedKeys referencedKeys) {
        switch (folder.state()) {
            case CLAIMED -> folder.files().forEach(file -> unfinished.add(file.key()));
            case ABANDONED -> {
                if (!referencedKeys.containsVersion(folder.version())) {
                    boolean old = folder.files().stream()
                            .allMatch(file -> file.modified().isBefore(before));
                    folder.files().forEach(file -> classify(file, old ? before : Instant.MIN));
                }
            }
            case RELEASED, PURGED -> folder.unused().forEach(file -> classify(file, before));
        }
        folders.put(folder.version(), folder);
    }

    /** A process that began to delete the files of a release and was killed stops every later release of the name. */
    private void findDeadRemovals(List<ObjectInfo> stored) throws IOException {
        TreeSet<String> versions = new TreeSet<>();
        stored.stream()
                .filter(each -> Layout.isRemoval(each.key()))
                .forEach(each -> versions.add(Layout.versionOfPlan(each.key())));
        for (String version : versions) {
            for (ObjectInfo removal : ReleasePlans.of(dataset).openRemovals(version)) {
                if (removal.modified().isBefore(before)) {
                    deadRemovals.add(new ReleasePlans.Removal(removal.key()));
                }
            }
        }
    }

    private void classify(ObjectInfo each, Instant olderThan) {
        if (each.modified().isBefore(olderThan)) {
            removable.add(each);
        } else {
            young.add(each.key());
        }
    }

    /** Files that may be deleted, in order of keys. */
    public List<ObjectInfo> removable() {
        return removable;
    }

    /** Files that may be deleted once they are older. */
    public List<String> young() {
        return young;
    }

    /** Data files that a sink may still commit. */
    public List<String> pendingCommit() {
        return pendingCommit;
    }

    /** Files that a release, a purge or a compaction may still name; the same command completes it. */
    public List<String> unfinished() {
        return unfinished;
    }

    /** Records of deletions whose process is gone; {@link #delete} closes them. */
    public int deadRemovals() {
        return deadRemovals.size();
    }

    /**
     * Deletes the removable files.
     *
     * @param deleted called with each file after it was deleted
     */
    public void delete(Consumer<ObjectInfo> deleted) throws IOException {
        List<ObjectInfo> loose = new ArrayList<>();
        Map<String, List<ObjectInfo>> versions = DatasetKeys.byVersion(removable);
        removable.stream()
                .filter(each -> Layout.parseRelease(each.key()).isEmpty())
                .forEach(loose::add);
        Deletions.delete(store, loose.stream().map(ObjectInfo::key).toList());
        loose.forEach(deleted);
        for (Map.Entry<String, List<ObjectInfo>> version : versions.entrySet()) {
            VersionFolder folder = folders.get(version.getKey());
            // Nothing is deleted if the version was completed or claimed since the search.
            if (folder != null && folder.delete(dataset, version.getValue()) > 0) {
                version.getValue().forEach(deleted);
            }
        }
        for (ReleasePlans.Removal removal : deadRemovals) {
            ReleasePlans.of(dataset).endRemoval(removal);
        }
    }
}
