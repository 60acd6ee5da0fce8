package dev.precept.dataset.removal;

import dev.precept.dataset.Dataset;
import dev.precept.store.ObjectStore;
import dev.precept.store.ObjectStore.ObjectInfo;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What crashed attempts left in a dataset and nothing names: data without a commit, versions without a manifest, probes and
 * drafts. Nothing else is ever removed, so what others put there stays. A sink stores data before the commit that names them;
 * therefore data that begin where a chain ends stay as long as a run may still write it, however old they are: a sink that
 * comes back with the same rows finds its file there and names it.
 */
public final class OrphanFiles {
    private static final Pattern DATA =
            Pattern.compile("data/(?<chain>[^/]+/)(?<from>\\d{1,18})-\\d+-[0-9a-f]{16}\\.parquet");

    private final ObjectStore store;
    private final List<ObjectInfo> removable = new ArrayList<>();
    private final List<String> young = new ArrayList<>();
    private final List<String> pendingCommit = new ArrayList<>();

    /** A commit or a manifest cannot be read; it might name anything, so nothing may go. The message is one line. */
    public static final class UnreadableDocumentException extends IOException {
        private static final long serialVersionUID = 1L;

        UnreadableDocumentException(String message) {
            super(message + "; 'precept verify' says more");
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
        List<String> open = openChains(dataset, referencedKeys);
        Map<String, List<ObjectInfo>> versions = new LinkedHashMap<>();
        for (ObjectInfo each : stored) {
            if (each.key().startsWith(".probe-") || each.key().startsWith(ObjectStore.STAGING_PREFIX)) {
                orphanFiles.classify(each, before);
            } else if (each.key().startsWith("data/")) {
                orphanFiles.classifyData(each, before, referencedKeys, open);
            } else if (each.key().startsWith("releases/") && each.key().split("/").length > 2) {
                versions.computeIfAbsent(each.key().split("/")[1], name -> new ArrayList<>())
                        .add(each);
            }
        }
        versions.forEach((name, files) -> {
            if (!referencedKeys.contains(name)) {
                orphanFiles.classifyVersion(files, before);
            }
        });
        return orphanFiles;
    }

    /** Folders of chains to which a run may still append. */
    private static List<String> openChains(Dataset dataset, ReferencedKeys referencedKeys) {
        List<String> open = new ArrayList<>();
        for (Dataset.RunEntry run : dataset.runs()) {
            run.topicIds().forEach((topic, topicId) -> {
                for (int partition = 0; partition < dataset.partitions(); partition++) {
                    String chain = topic + "-" + topicId + "-" + partition + "/";
                    if (!referencedKeys.isCompleted(chain, run.runId())) {
                        open.add(chain);
                    }
                }
            });
        }
        return open;
    }

    private Instant storeTime() throws IOException {
        String probe = ".probe-" + UUID.randomUUID();
        store.createIfAbsent(probe, new byte[] {1});
        try {
            return store.listObjects(probe).getFirst().modified();
        } finally {
            store.delete(probe);
        }
    }

    private void classifyData(ObjectInfo file, Instant before, ReferencedKeys referencedKeys, List<String> open) {
        Matcher name = DATA.matcher(file.key());
        if (!name.matches() || referencedKeys.contains(file.key())) {
            return;
        }
        boolean passed = Long.parseLong(name.group("from")) < referencedKeys.chainEnd(name.group("chain"));
        if (passed || !open.contains(name.group("chain"))) {
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
            String[] path = each.key().split("/");
            boolean shard = path[0].equals("releases");
            if (shard && store.read("releases/" + path[1] + "/manifest.json").isPresent()) {
                continue; // the version was finished a moment ago
            }
            store.delete(each.key());
            told.accept(each);
        }
    }
}
