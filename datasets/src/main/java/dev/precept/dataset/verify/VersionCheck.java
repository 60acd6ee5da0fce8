package dev.precept.dataset.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.dataset.Refs;
import dev.precept.dataset.chain.ChainId;
import dev.precept.dataset.view.RowKind;
import dev.precept.dataset.view.View;
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
    private final VerificationReport verificationReport;
    private final FileVerifier files;

    VersionCheck(ObjectStore store, VerificationReport verificationReport, FileVerifier files) {
        this.store = store;
        this.verificationReport = verificationReport;
        this.files = files;
    }

    /** The manifest of a version; empty, and a problem noted, where it cannot be read. */
    Optional<JsonNode> readManifest(String version) throws IOException {
        String key = folder(version) + "manifest.json";
        verificationReport.referenced(key);
        try {
            JsonNode manifest = JSON.readTree(store.read(key).orElseThrow());
            if (version.equals(manifest.path("version").textValue())) {
                verificationReport.referenced(folder(version) + "README.md");
                expectedFiles(version, manifest).forEach(file -> verificationReport.referenced(file.key()));
                return Optional.of(manifest);
            }
            verificationReport.addProblem(key, "is not the manifest of " + version, RESTORE);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            verificationReport.addProblem(key, "is not JSON (" + e.getOriginalMessage() + ")", RESTORE);
        }
        return Optional.empty();
    }

    void check(String version, JsonNode manifest, ChainCheck chains) throws IOException {
        if (manifest.has("card")) {
            Optional<Path> _ = files.verifyBytes(expectedFiles(version, manifest.path("card"), manifestKey(version)));
        }
        for (Map.Entry<String, JsonNode> view : manifest.path("views").properties()) {
            checkView(
                    version,
                    view.getKey(),
                    view.getValue(),
                    manifest.path("rows").asLong());
        }
        checkOffsets(version, manifest, chains);
        for (Map.Entry<String, JsonNode> spec :
                manifest.path("histograms").path("spec_version").properties()) {
            String key = "specs/" + spec.getKey() + "/bundle.json";
            Optional<Path> _ = checkSpecification(key, spec.getKey(), manifestKey(version));
        }
    }

    private void checkView(String version, String label, JsonNode listed, long rows) throws IOException {
        Optional<View> view = View.byLabel(label);
        Optional<FileVerifier.UniqueRows> ids =
                view.map(known -> files.new UniqueRows(known.schema(), known.identityColumns()));
        long sum = 0;
        for (JsonNode entry : listed) {
            FileVerifier.ExpectedFile file = expectedFiles(version, entry, manifestKey(version));
            sum += entry.path("rows").asLong();
            Optional<Path> local = files.verifyParquet(file, entry.path("rows").asLong());
            if (local.isPresent() && ids.isPresent()) {
                ids.get().check(file.key(), local.get(), "", RESTORE);
            }
        }
        if (view.isPresent() && view.get().rowKind() == RowKind.SAMPLE && sum != rows) {
            verificationReport.addProblem(
                    manifestKey(version), "names " + sum + " rows of " + label + ", and says it has " + rows, RESTORE);
        }
    }

    private void checkOffsets(String version, JsonNode manifest, ChainCheck chains) {
        for (JsonNode end : manifest.path("offsets")) {
            String log = new ChainId(
                            end.path("topic").asText(),
                            end.path("topic_id").asText(),
                            end.path("partition").asInt())
                    .logFolder();
            if (!chains.hasBoundaryAt(log, end.path("to").asLong())) {
                verificationReport.addProblem(
                        log,
                        "no commit that is reached from offset 0 ends at "
                                + end.path("to").asLong() + ", where " + version + " was made from it",
                        "put the commits back from a backup; the version itself is not harmed");
            }
        }
    }

    private Optional<Path> checkSpecification(String key, String version, String by) throws IOException {
        verificationReport.referenced(key);
        return files.verifyBytes(new FileVerifier.ExpectedFile(
                key, 0, version, by, "put back the bundle, which 'precept run' with that specification stores"));
    }

    /** A movable name must name a version, and its moves follow one another. */
    void checkRef(String name, Refs refs, Set<String> versions) throws IOException {
        long next = 1;
        for (Refs.Move move : refs.moves(name)) {
            verificationReport.referenced(Refs.key(name, move.number()));
            if (move.number() != next) {
                verificationReport.addProblem(
                        Refs.key(name, next), "is missing, and later moves are there", "put it back from a backup");
            }
            if (!versions.contains(move.version())) {
                verificationReport.addProblem(
                        Refs.key(name, move.number()),
                        "names " + move.version() + ", and there is no such version",
                        "move the ref to a version there is, with 'precept ref'");
            }
            next = move.number() + 1;
        }
    }

    private static List<FileVerifier.ExpectedFile> expectedFiles(String version, JsonNode manifest) {
        return manifest.path("views")
                .valueStream()
                .flatMap(JsonNode::valueStream)
                .map(entry -> expectedFiles(version, entry, manifestKey(version)))
                .toList();
    }

    private static FileVerifier.ExpectedFile expectedFiles(String version, JsonNode entry, String by) {
        return new FileVerifier.ExpectedFile(
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
