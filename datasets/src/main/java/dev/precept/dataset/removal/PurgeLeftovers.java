package dev.precept.dataset.removal;

import dev.precept.dataset.CommittedRows;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Rewrites;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.chain.Commit;
import dev.precept.store.ObjectStore;
import dev.precept.store.ObjectStore.ObjectInfo;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Deletes what may still hold purged rows and what no plan and no commit can name. */
public final class PurgeLeftovers {
    /** A file at the end of a chain that no run appends to any more. */
    private static final Duration ABANDONED_AFTER = Duration.ofHours(1);

    private PurgeLeftovers() {}

    /**
     * What was deleted beside purged rows of commits.
     *
     * @param abandonedReleases names of releases that were under way and would have had the rows
     * @param dataFiles replaced files, and files that sinks left and no commit names
     * @param releaseFiles files of purged versions and of abandoned releases
     * @param kept data files that a sink may still commit
     */
    public record Deleted(
            List<String> abandonedReleases, int dataFiles, int releaseFiles, long cachedReplies, List<String> kept) {
        Deleted withAbandoned(List<String> releases) {
            return new Deleted(releases, dataFiles, releaseFiles, cachedReplies, kept);
        }
    }

    static Deleted delete(Dataset dataset) throws IOException {
        ObjectStore store = dataset.store();
        List<ObjectInfo> data = store.listObjects(Layout.DATA);
        List<ObjectInfo> releases = store.listObjects(Layout.RELEASES);
        Rewrites rewrites = Rewrites.read(dataset);
        List<String> unused = new ArrayList<>();
        List<String> kept = new ArrayList<>();
        sort(dataset, rewrites, data, unused, kept);
        int dataFiles = Deletions.delete(store, unused);
        int releaseFiles = 0;
        for (Map.Entry<String, List<ObjectInfo>> version :
                DatasetKeys.byVersion(releases).entrySet()) {
            VersionFolder folder = VersionFolder.read(dataset, rewrites, version.getKey(), version.getValue());
            releaseFiles += folder.delete(dataset, folder.unused());
        }
        return new Deleted(List.of(), dataFiles, releaseFiles, CachedReplies.deleteAll(store), kept);
    }

    private static void sort(
            Dataset dataset, Rewrites rewrites, List<ObjectInfo> data, List<String> unused, List<String> kept)
            throws IOException {
        Map<ChainId, List<Commit>> commits = new HashMap<>();
        CommittedRows.load(dataset)
                .chains()
                .forEach(end -> commits.put(end.chain().id(), end.commits()));
        DataFiles files = new DataFiles(commits, rewrites, OpenChains.find(dataset, commits));
        List<ObjectInfo> abandoned = new ArrayList<>();
        for (ObjectInfo each : data) {
            Optional<ChainId.DataKey> key = ChainId.parseDataKey(each.key());
            if (key.isEmpty()) {
                continue; // not a file of Precept
            }
            switch (files.stateOf(each.key(), key.get())) {
                case CURRENT, PLANNED -> {}
                case REPLACED, SUPERSEDED -> unused.add(each.key());
                case ABANDONED -> abandoned.add(each);
                case PENDING -> kept.add(each.key());
            }
        }
        if (!abandoned.isEmpty()) {
            Instant before = StoreClock.read(dataset.store()).minus(ABANDONED_AFTER);
            abandoned.forEach(each -> (each.modified().isBefore(before) ? unused : kept).add(each.key()));
        }
    }
}
