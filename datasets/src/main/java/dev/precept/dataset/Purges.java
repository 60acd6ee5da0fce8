package dev.precept.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.config.ConfigurationException;
import dev.precept.dataset.chain.Commit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The completed purges of a dataset, {@code purges/done/<number>.json}. A commit never changes; if a purge rewrote its data
 * file, the purge record names the file that holds its rows now.
 */
public final class Purges {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<PurgeRecord> all;
    private final Map<String, CommittedFile> currentFiles = new HashMap<>();
    private final Map<String, PurgeRecord> byVersion = new HashMap<>();

    private Purges(List<PurgeRecord> all) {
        this.all = all;
        for (PurgeRecord purgeRecord : all) {
            purgeRecord.files.forEach(file -> currentFiles.put(file.original.key, file.replacement));
            purgeRecord.versions.keySet().forEach(version -> byVersion.put(version, purgeRecord));
        }
    }

    /** A file of committed rows. */
    public record CommittedFile(String key, String sha256, long rows, long bytes) {
        ObjectNode json() {
            return JSON.createObjectNode()
                    .put("key", key)
                    .put("sha256", sha256)
                    .put("rows", rows)
                    .put("bytes", bytes);
        }

        /** The file as committed; the commit must have one. */
        public static CommittedFile of(Commit commit) {
            return new CommittedFile(
                    String.valueOf(commit.data()), String.valueOf(commit.sha256()), commit.rows(), commit.bytes());
        }

        static CommittedFile of(JsonNode json) {
            return new CommittedFile(
                    json.path("key").asText(),
                    json.path("sha256").asText(),
                    json.path("rows").asLong(),
                    json.path("bytes").asLong());
        }
    }

    /** A deleted file, and the file that holds its remaining rows. */
    public record RewrittenFile(CommittedFile original, CommittedFile replacement) {}

    /**
     * One purge.
     *
     * @param versions deleted versions with their replacements; empty if no row of a version remained
     */
    public record PurgeRecord(
            long number,
            String why,
            RowSelector selector,
            List<RewrittenFile> files,
            Map<String, Optional<String>> versions) {
        public ObjectNode json() {
            ObjectNode json = JSON.createObjectNode().put("number", number).put("why", why);
            json.setAll(selector.toJson());
            for (RewrittenFile file : files) {
                ObjectNode pair = json.withArray("files").addObject();
                pair.set("old", file.original.json());
                pair.set("new", file.replacement.json());
            }
            versions.forEach((version, instead) -> json.withArray("versions")
                    .addObject()
                    .put("version", version)
                    .put("instead", instead.orElse(null)));
            return json;
        }
    }

    public static Purges find(Dataset dataset) throws IOException {
        List<PurgeRecord> all = new ArrayList<>();
        for (Journal.Entry entry : new Journal(dataset.store(), Layout.PURGES_DONE).entries()) {
            List<RewrittenFile> files = new ArrayList<>();
            entry.body()
                    .path("files")
                    .forEach(file -> files.add(
                            new RewrittenFile(CommittedFile.of(file.path("old")), CommittedFile.of(file.path("new")))));
            Map<String, Optional<String>> versions = new HashMap<>();
            entry.body()
                    .path("versions")
                    .forEach(version -> versions.put(
                            version.path("version").asText(),
                            Optional.ofNullable(version.path("instead").textValue())));
            String why = entry.body().path("why").asText();
            all.add(new PurgeRecord(entry.number(), why, RowSelector.of(entry.body()), files, versions));
        }
        return new Purges(all);
    }

    public List<PurgeRecord> all() {
        return all;
    }

    /** The file that holds the rows of a commit now; empty for a commit without rows. */
    public Optional<CommittedFile> currentFile(Commit commit) {
        if (commit.data() == null) {
            return Optional.empty();
        }
        CommittedFile file = CommittedFile.of(commit);
        for (CommittedFile next = currentFiles.get(file.key); next != null; next = currentFiles.get(file.key)) {
            file = next;
        }
        return Optional.of(file);
    }

    /** The purge that deleted a version. */
    public Optional<PurgeRecord> find(String version) {
        return Optional.ofNullable(byVersion.get(version));
    }

    /** @throws ConfigurationException if the version was purged; names the reason and the replacement */
    public void requireNotPurged(String version) {
        PurgeRecord purgeRecord = byVersion.get(version);
        if (purgeRecord != null) {
            Optional<String> instead = purgeRecord.versions.getOrDefault(version, Optional.empty());
            throw new ConfigurationException("version " + version + " was purged because: " + purgeRecord.why + "; "
                    + instead.map(name -> "use " + name).orElse("nothing of it is left"));
        }
    }
}
