package dev.precept.sinks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.runtime.config.ConfigurationException;
import dev.precept.sinks.chain.Commit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was purged from a dataset, {@code purges/done/<number>.json}. A commit never changes; where its file was rewritten,
 * the record of the purge says which file holds its rows now.
 */
final class Purges {
    static final String PREFIX = "purges/";
    static final String PLANS = PREFIX + "plans/";
    static final String DONE = PREFIX + "done/";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Purged> all;
    private final Map<String, DataFile> now = new HashMap<>();
    private final Map<String, Purged> byVersion = new HashMap<>();

    private Purges(List<Purged> all) {
        this.all = all;
        for (Purged purged : all) {
            purged.files.forEach(file -> now.put(file.old.key, file.rewritten));
            purged.versions.keySet().forEach(version -> byVersion.put(version, purged));
        }
    }

    /** A file of committed rows. */
    record DataFile(String key, String sha256, long rows, long bytes) {
        ObjectNode json() {
            return JSON.createObjectNode()
                    .put("key", key)
                    .put("sha256", sha256)
                    .put("rows", rows)
                    .put("bytes", bytes);
        }

        /** As it was committed; the commit has one. */
        static DataFile of(Commit commit) {
            return new DataFile(
                    String.valueOf(commit.data()), String.valueOf(commit.sha256()), commit.rows(), commit.bytes());
        }

        static DataFile of(JsonNode said) {
            return new DataFile(
                    said.path("key").asText(),
                    said.path("sha256").asText(),
                    said.path("rows").asLong(),
                    said.path("bytes").asLong());
        }
    }

    /** A file that is gone, and the one that has its other rows. */
    record Rewritten(DataFile old, DataFile rewritten) {}

    /**
     * One purge.
     *
     * @param versions those that are gone, and the version to use instead; empty where nothing was left of it
     */
    record Purged(long number, String why, Which which, List<Rewritten> files, Map<String, Optional<String>> versions) {
        ObjectNode json() {
            ObjectNode json = JSON.createObjectNode().put("number", number).put("why", why);
            json.setAll(which.json());
            for (Rewritten file : files) {
                ObjectNode said = json.withArray("files").addObject();
                said.set("old", file.old.json());
                said.set("new", file.rewritten.json());
            }
            versions.forEach((version, instead) -> json.withArray("versions")
                    .addObject()
                    .put("version", version)
                    .put("instead", instead.orElse(null)));
            return json;
        }
    }

    static Purges of(Dataset dataset) throws IOException {
        List<Purged> all = new ArrayList<>();
        for (Journal.Entry entry : new Journal(dataset.store(), DONE).entries()) {
            List<Rewritten> files = new ArrayList<>();
            entry.said()
                    .path("files")
                    .forEach(file ->
                            files.add(new Rewritten(DataFile.of(file.path("old")), DataFile.of(file.path("new")))));
            Map<String, Optional<String>> versions = new HashMap<>();
            entry.said()
                    .path("versions")
                    .forEach(version -> versions.put(
                            version.path("version").asText(),
                            Optional.ofNullable(version.path("instead").textValue())));
            String why = entry.said().path("why").asText();
            all.add(new Purged(entry.number(), why, Which.of(entry.said()), files, versions));
        }
        return new Purges(all);
    }

    List<Purged> all() {
        return all;
    }

    /** The file that has the rows of a commit now; empty for a commit without rows. */
    Optional<DataFile> file(Commit commit) {
        if (commit.data() == null) {
            return Optional.empty();
        }
        DataFile file = DataFile.of(commit);
        for (DataFile next = now.get(file.key); next != null; next = now.get(file.key)) {
            file = next;
        }
        return Optional.of(file);
    }

    /** The purge that a version fell to. */
    Optional<Purged> of(String version) {
        return Optional.ofNullable(byVersion.get(version));
    }

    /** @throws ConfigurationException if the version is gone: says why, and what to use */
    void requireThere(String version) {
        Purged purged = byVersion.get(version);
        if (purged != null) {
            Optional<String> instead = purged.versions.getOrDefault(version, Optional.empty());
            throw new ConfigurationException("version " + version + " was purged because: " + purged.why + "; "
                    + instead.map(name -> "use " + name).orElse("nothing of it is left"));
        }
    }
}
