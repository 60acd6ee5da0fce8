package dev.precept.sinks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.sinks.chain.ChainId;
import dev.precept.sinks.view.Grain;
import dev.precept.sinks.view.View;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Holds a version against its manifest, and the manifest against the chains. */
final class VersionCheck {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RESTORE =
            "put it back from a copy of this version, or pull no more of it and release under another name";

    private final ObjectStore store;
    private final Findings findings;
    private final StoredFiles files;

    VersionCheck(ObjectStore store, Findings findings, StoredFiles files) {
        this.store = store;
        this.findings = findings;
        this.files = files;
    }

    /** The manifest of a version; empty, and a problem noted, where it cannot be read. */
    Optional<JsonNode> manifest(String version) throws IOException {
        String key = folder(version) + "manifest.json";
        findings.named(key);
        try {
            JsonNode manifest = JSON.readTree(store.read(key).orElseThrow());
            if (version.equals(manifest.path("version").textValue())) {
                findings.named(folder(version) + "README.md");
                described(version, manifest).forEach(file -> findings.named(file.key()));
                return Optional.of(manifest);
            }
            findings.problem(key, "is not the manifest of " + version, RESTORE);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            findings.problem(key, "is not JSON (" + e.getOriginalMessage() + ")", RESTORE);
        }
        return Optional.empty();
    }

    void check(String version, JsonNode manifest, ChainCheck chains) throws IOException {
        if (manifest.has("card")) {
            Optional<Path> _ = files.bytes(described(version, manifest.path("card"), manifestKey(version)));
        }
        for (Map.Entry<String, JsonNode> view : manifest.path("views").properties()) {
            view(version, view.getKey(), view.getValue(), manifest.path("rows").asLong());
        }
        offsets(version, manifest, chains);
        for (Map.Entry<String, JsonNode> spec :
                manifest.path("histograms").path("spec_version").properties()) {
            String key = "specs/" + spec.getKey() + "/bundle.json";
            Optional<Path> _ = specification(key, spec.getKey(), manifestKey(version));
        }
    }

    private void view(String version, String label, JsonNode listed, long rows) throws IOException {
        Optional<View> view = View.labelled(label);
        Optional<StoredFiles.Ids> ids = view.map(known -> files.new Ids(known.schema(), known.identity()));
        long sum = 0;
        for (JsonNode entry : listed) {
            StoredFiles.Described file = described(version, entry, manifestKey(version));
            sum += entry.path("rows").asLong();
            Optional<Path> local = files.parquet(file, entry.path("rows").asLong());
            if (local.isPresent() && ids.isPresent()) {
                ids.get().read(file.key(), local.get(), "", RESTORE);
            }
        }
        if (view.isPresent() && view.get().grain() == Grain.SAMPLE && sum != rows) {
            findings.problem(
                    manifestKey(version), "names " + sum + " rows of " + label + ", and says it has " + rows, RESTORE);
        }
    }

    private void offsets(String version, JsonNode manifest, ChainCheck chains) {
        for (JsonNode end : manifest.path("offsets")) {
            String log = new ChainId(
                            end.path("topic").asText(),
                            end.path("topic_id").asText(),
                            end.path("partition").asInt())
                    .log();
            if (!chains.endsAt(log, end.path("to").asLong())) {
                findings.problem(
                        log,
                        "no commit that is reached from offset 0 ends at "
                                + end.path("to").asLong() + ", where " + version + " was made from it",
                        "put the commits back from a backup; the version itself is not harmed");
            }
        }
    }

    private Optional<Path> specification(String key, String version, String by) throws IOException {
        findings.named(key);
        return files.bytes(new StoredFiles.Described(
                key, 0, version, by, "put back the bundle, which 'precept run' with that specification stores"));
    }

    /** A movable name must name a version, and its moves follow one another. */
    void ref(String name, Refs refs, Set<String> versions) throws IOException {
        long next = 1;
        for (Refs.Move move : refs.moves(name)) {
            findings.named(Refs.key(name, move.number()));
            if (move.number() != next) {
                findings.problem(
                        Refs.key(name, next), "is missing, and later moves are there", "put it back from a backup");
            }
            if (!versions.contains(move.version())) {
                findings.problem(
                        Refs.key(name, move.number()),
                        "names " + move.version() + ", and there is no such version",
                        "move the ref to a version there is, with 'precept ref'");
            }
            next = move.number() + 1;
        }
    }

    private static List<StoredFiles.Described> described(String version, JsonNode manifest) {
        return manifest.path("views")
                .valueStream()
                .flatMap(JsonNode::valueStream)
                .map(entry -> described(version, entry, manifestKey(version)))
                .toList();
    }

    private static StoredFiles.Described described(String version, JsonNode entry, String by) {
        return new StoredFiles.Described(
                folder(version) + entry.path("path").asText(),
                entry.path("bytes").asLong(),
                entry.path("sha256").asText(),
                by,
                RESTORE);
    }

    private static String folder(String version) {
        return "releases/" + version + "/";
    }

    private static String manifestKey(String version) {
        return folder(version) + "manifest.json";
    }
}
