package dev.precept.dataset.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.parquet.ParquetFiles.FileSummary;
import dev.precept.dataset.plan.ReleaseClaim;
import dev.precept.dataset.view.View;
import dev.precept.store.ObjectStore;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The shards of a claim that are stored, each with a record below the claim. A process that continues the release, or makes
 * another range of it, finds them. For one thread.
 */
final class FinishedShards {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REMOVED = "removed";

    private final ObjectStore store;
    private final ReleaseClaim claim;
    private final ReleaseFiles files;
    private final Map<ShardId, Finished> finished = new TreeMap<>();

    FinishedShards(Dataset dataset, ReleaseClaim claim, ReleaseFiles files) {
        this.store = dataset.store();
        this.claim = claim;
        this.files = files;
    }

    /** @param files by view; none for a shard that is only counted */
    record Finished(Map<View, Manifest.Shard> files, RowCounts counts) {}

    /** Finds which shards are stored; one whose file is gone, or has another size, is made again. */
    void refresh(List<ShardId> all) throws IOException {
        Map<String, Long> stored = new HashMap<>();
        store.listObjects(Layout.release(claim.version())).forEach(each -> stored.put(each.key(), each.bytes()));
        List<String> records = store.list(claim.shardKey("").replaceFirst("\\.json$", ""));
        finished.clear();
        for (ShardId shard : all) {
            String key = claim.shardKey(name(shard));
            if (records.contains(key)) {
                Finished found = read(shard, key);
                if (found.files.values().stream().allMatch(file -> isStored(file, stored))) {
                    finished.put(shard, found);
                }
            }
        }
    }

    private boolean isStored(Manifest.Shard file, Map<String, Long> stored) {
        Long bytes = stored.get(Layout.releaseFile(claim.version(), file.path()));
        return bytes != null && bytes == file.bytes();
    }

    boolean contains(ShardId shard) {
        return finished.containsKey(shard);
    }

    /** The stored shards, in order. */
    Map<ShardId, Finished> all() {
        return finished;
    }

    /** Stores the files of a shard, and then its record. */
    void store(ShardReceiver.FinishedShard shard) throws IOException {
        Map<View, Manifest.Shard> stored = new EnumMap<>(View.class);
        for (Map.Entry<View, ShardReceiver.LocalFile> each : shard.files().entrySet()) {
            FileSummary summary = each.getValue().summary();
            String path = path(each.getKey(), shard.id());
            files.put(path, each.getValue().path(), summary.sha256());
            stored.put(
                    each.getKey(),
                    new Manifest.Shard(path, shard.id().split(), summary.rows(), summary.bytes(), summary.sha256()));
        }
        Finished done = new Finished(stored, shard.counts());
        createRecord(name(shard.id()), json(done));
        finished.put(shard.id(), done);
    }

    /** The file that names the samples left out, if it is stored. */
    Optional<Manifest.RowsFile> removed() throws IOException {
        Optional<byte[]> stored = store.read(claim.shardKey(REMOVED));
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        JsonNode json = parse(claim.shardKey(REMOVED), stored.get());
        return Optional.of(new Manifest.RowsFile(
                ReleaseFiles.REMOVED,
                json.path("rows").asLong(),
                json.path("bytes").asLong(),
                json.path("sha256").asText()));
    }

    void storeRemoved(RemovedFile removed) throws IOException {
        FileSummary summary = removed.summary();
        files.put(ReleaseFiles.REMOVED, removed.path(), summary.sha256());
        createRecord(
                REMOVED,
                JSON.createObjectNode()
                        .put("rows", summary.rows())
                        .put("bytes", summary.bytes())
                        .put("sha256", summary.sha256()));
    }

    private void createRecord(String name, JsonNode json) throws IOException {
        String key = claim.shardKey(name);
        byte[] record = Dataset.pretty(json);
        if (!store.createIfAbsent(key, record)) {
            byte[] before = store.read(key).orElse(new byte[0]);
            if (!Arrays.equals(before, record)) {
                throw new StoreException.Corrupt(store.location() + "/" + key
                        + " records another shard than this process made of the same plan; give the release up with"
                        + " 'precept release --dataset " + store.location() + " --abandon " + claim.version() + "'");
            }
        }
    }

    private Finished read(ShardId shard, String key) throws IOException {
        byte[] stored = store.read(key)
                .orElseThrow(() -> new StoreException.Unavailable(
                        store.location() + "/" + key + " was listed and cannot be read; try again"));
        JsonNode json = parse(key, stored);
        Map<View, Manifest.Shard> found = new EnumMap<>(View.class);
        for (JsonNode file : json.path("files")) {
            View.byLabel(file.path("view").asText())
                    .ifPresent(view -> found.put(
                            view,
                            new Manifest.Shard(
                                    path(view, shard),
                                    shard.split(),
                                    file.path("rows").asLong(),
                                    file.path("bytes").asLong(),
                                    file.path("sha256").asText())));
        }
        return new Finished(found, RowCounts.of(json.path("counts")));
    }

    private JsonNode parse(String key, byte[] json) throws StoreException {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new StoreException.Corrupt(
                    store.location() + "/" + key + " is not JSON (" + e.getOriginalMessage() + "); delete it, and the"
                            + " shard is made again",
                    e);
        } catch (IOException e) {
            throw new IllegalStateException("bytes are read without a device", e);
        }
    }

    private static JsonNode json(Finished shard) {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode stored = json.putArray("files");
        shard.files.forEach((view, file) -> stored.addObject()
                .put("view", view.label())
                .put("rows", file.rows())
                .put("bytes", file.bytes())
                .put("sha256", file.sha256()));
        json.set("counts", shard.counts.json());
        return json;
    }

    private String path(View view, ShardId shard) {
        return Layout.shard(view, shard.split(), shard.index(), shard.of());
    }

    private static String name(ShardId shard) {
        return String.format(
                Locale.ROOT,
                "%s-%s-%05d",
                shard.rowKind().name().toLowerCase(Locale.ROOT),
                shard.split().label(),
                shard.index());
    }
}
