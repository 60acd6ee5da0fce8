package dev.precept.dataset.removal;

import dev.precept.dataset.Dataset;
import dev.precept.dataset.Layout;
import dev.precept.dataset.chain.ChainId;
import dev.precept.store.ObjectStore;
import dev.precept.store.ObjectStore.ObjectInfo;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Files that crashed processes left in a dataset and no document references: data without a commit, versions without a
 * manifest, probes and staged files. No other file is ever deleted. A sink stores a data file before its commit, so a file
 * that starts at the end of a chain is kept while a run may still append to the chain, however old the file is: a restarted
 * sink may commit it.
 */
public final class OrphanFiles {
    private final ObjectStore store;
    private final List<ObjectInfo> removable = new ArrayList<>();
    private final List<String> young = new ArrayList<>();
    private final List<String> pendingCommit = new ArrayList<>();

    /** A commit or a manifest cannot be read. It may reference any file, so none may be deleted. The message is one line. */
    public static final class UnreadableDocumentException extends IOException {
        private static final long serialVersionUID = 1L;

        UnreadableDocumentException(String message, Exception cause) {
            super(message + "; run 'precept verify'", cause);
        }
    }

    private OrphanFiles(ObjectStore store) {
        this.store = store;
    }

    /**
     * Finds the orphan files; deletes nothing.
     *
     * @param olderThan by the clock of the store, not of this machine
     * @throws UnreadableDocumentException if a commit or a manifest cannot be read
     * @throws IOException if the store fails
     */
    public static OrphanFiles find(Dataset dataset, Duration olderThan) throws IOException {
        OrphanFiles orphanFiles = new OrphanFiles(dataset.store());
        Instant before = orphanFiles.storeTime().minus(olderThan);
        List<ObjectInfo> stored = new ArrayList<>(dataset.store().listObjects(""));
        stored.addAll(dataset.store().listObjects(ObjectStore.STAGING_PREFIX));
        // Read after the listing, so that a file referenced meanwhile is not an orphan.
        ReferencedKeys referencedKeys = ReferencedKeys.scan(dataset.store());
        Set<ChainId> open = openChains(dataset, referencedKeys);
        Map<String, List<ObjectInfo>> versions = new LinkedHashMap<>();
        for (ObjectInfo each : stored) {
            switch (Layout.kindOf(each.key())) {
                case PROBE, STAGED -> orphanFiles.classify(each, before);
                case DATA -> orphanFiles.classifyData(each, before, referencedKeys, open);
                case RELEASE ->
                    Layout.parseRelease(each.key())
                            .ifPresent(file -> versions.computeIfAbsent(file.version(), name -> new ArrayList<>())
                                    .add(each));
                case IDENTITY, COMMIT, RUN, SPECIFICATION, REF, WITHDRAWAL, PURGE, AUDIT, CACHE, PLAN, UNKNOWN -> {}
            }
        }
        versions.forEach((name, files) -> {
            if (!referencedKeys.contains(name)) {
                orphanFiles.classifyVersion(files, before);
            }
        });
        return orphanFiles;
    }

    /** Chains to which a run may still append. */
    private static Set<ChainId> openChains(Dataset dataset, ReferencedKeys referencedKeys) {
        Set<ChainId> open = new HashSet<>();
        for (Dataset.RunEntry run : dataset.runs()) {
            run.topicIds().forEach((topic, topicId) -> {
                for (int partition = 0; partition < dataset.partitions(); partition++) {
                    ChainId chain = new ChainId(topic, topicId, partition);
                    if (!referencedKeys.isCompleted(chain, run.runId())) {
                        open.add(chain);
                    }
                }
            });
        }
        return open;
    }

    private Instant storeTime() throws IOException {
        String probe = ObjectStore.PROBE_PREFIX + UUID.randomUUID();
        store.createIfAbsent(probe, new byte[] {1});
        try {
            return store.listObjects(probe).getFirst().modified();
        } finally {
            store.delete(probe);
        }
    }

    private void classifyData(ObjectInfo file, Instant before, ReferencedKeys referencedKeys, Set<ChainId> open) {
        Optional<ChainId.Position> position = ChainId.parseDataKey(file.key());
        if (position.isEmpty() || referencedKeys.contains(file.key())) {
            return;
        }
        ChainId chain = position.get().chain();
        boolean passed = position.get().from() < referencedKeys.chainEnd(chain);
        if (passed || !open.contains(chain)) {
            classify(file, before);
        } else {
            pendingCommit.add(file.key());
        }
    }

    /** A version in progress is as young as its youngest file. */
    private void classifyVersion(List<ObjectInfo> files, Instant before) {
        boolean old = files.stream().allMatch(file -> file.modified().isBefore(before));
        files.forEach(file -> classify(file, old ? before : Instant.MIN));
    }

    private void classify(ObjectInfo each, Instant before) {
        if (each.modified().isBefore(before)) {
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

    /**
     * Deletes the removable files.
     *
     * @param deleted called with each file after it was deleted
     */
    public void delete(Consumer<ObjectInfo> deleted) throws IOException {
        for (ObjectInfo each : removable) {
            Optional<Layout.ReleaseFile> file = Layout.parseRelease(each.key());
            if (file.isPresent()
                    && store.read(Layout.manifest(file.get().version())).isPresent()) {
                continue; // the version was completed since the search
            }
            store.delete(each.key());
            deleted.accept(each);
        }
    }
}
