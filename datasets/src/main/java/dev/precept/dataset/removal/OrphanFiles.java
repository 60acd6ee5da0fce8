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
 * What crashed attempts left in a dataset and nothing names: data without a commit, versions without a manifest, probes and
 * drafts. Nothing else is ever removed, so what others put there stays. A sink stores data before the commit that names them;
 * therefore data that begin where a chain ends stay as long as a run may still write it, however old they are: a sink that
 * comes back with the same rows finds its file there and names it.
 */
public final class OrphanFiles {
    private final ObjectStore store;
    private final List<ObjectInfo> removable = new ArrayList<>();
    private final List<String> young = new ArrayList<>();
    private final List<String> pendingCommit = new ArrayList<>();

    /** A commit or a manifest cannot be read; it might name anything, so nothing may go. The message is one line. */
    public static final class UnreadableDocumentException extends IOException {
        private static final long serialVersionUID = 1L;

        UnreadableDocumentException(String message, Exception cause) {
            super(message + "; 'precept verify' says more", cause);
        }
    }

    private OrphanFiles(ObjectStore store) {
        this.store = store;
    }

    /**
     * Looks for what may go; removes nothing.
     *
     * @param olderThan by the clock of the store, not of this machine
     * @throws UnreadableDocumentException if that cannot be known
     * @throws IOException if the store fails
     */
    public static OrphanFiles find(Dataset dataset, Duration olderThan) throws IOException {
        OrphanFiles orphanFiles = new OrphanFiles(dataset.store());
        Instant before = orphanFiles.storeTime().minus(olderThan);
        List<ObjectInfo> stored = new ArrayList<>(dataset.store().listObjects(""));
        stored.addAll(dataset.store().listObjects(ObjectStore.STAGING_PREFIX));
        // Read after the listing: what was named meanwhile is seen to be.
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
                case IDENTITY, COMMIT, RUN, SPECIFICATION, REF, WITHDRAWAL, PURGE, AUDIT, CACHE, UNKNOWN -> {}
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

    /** A version that is being made is as young as its youngest file. */
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

    /** What may go, in order of keys. */
    public List<ObjectInfo> removable() {
        return removable;
    }

    /** What may go once it is older. */
    public List<String> young() {
        return young;
    }

    /** Data that a sink may yet commit. */
    public List<String> pendingCommit() {
        return pendingCommit;
    }

    /**
     * Removes what may go.
     *
     * @param told of each key after it is gone
     */
    public void delete(Consumer<ObjectInfo> told) throws IOException {
        for (ObjectInfo each : removable) {
            Optional<Layout.ReleaseFile> file = Layout.parseRelease(each.key());
            if (file.isPresent()
                    && store.read(Layout.manifest(file.get().version())).isPresent()) {
                continue; // the version was finished a moment ago
            }
            store.delete(each.key());
            told.accept(each);
        }
    }
}
