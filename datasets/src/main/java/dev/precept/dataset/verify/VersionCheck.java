package dev.precept.dataset.verify;

import dev.precept.dataset.InvalidDocumentException;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.Refs;
import dev.precept.dataset.spool.Spool;
import dev.precept.dataset.view.RowKind;
import dev.precept.dataset.view.View;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Verifies a version against its manifest, and the manifest against the chains. */
final class VersionCheck {
    private static final String RESTORE =
            "put it back from a copy of this version, or stop using it and release under another name";

    private final ObjectStore store;
    private final VerificationReport verificationReport;
    private final FileVerifier files;
    private final Spool spool;

    VersionCheck(ObjectStore store, VerificationReport verificationReport, FileVerifier files, Spool spool) {
        this.store = store;
        this.verificationReport = verificationReport;
        this.files = files;
        this.spool = spool;
    }

    /** The manifest of a version; if it cannot be read, empty, and a problem is reported. */
    Optional<Manifest> readManifest(String version) throws IOException {
        String key = Layout.manifest(version);
        verificationReport.referenced(key);
        try {
            Manifest manifest = Manifest.read(store.read(key).orElseThrow());
            if (version.equals(manifest.version())) {
                verificationReport.referenced(Layout.card(version));
                verificationReport.referenced(
                        Layout.releaseFile(version, manifest.removed().file().path()));
                manifest.extraFiles()
                        .forEach(file -> verificationReport.referenced(Layout.releaseFile(version, file.path())));
                manifest.views()
                        .values()
                        .forEach(shards -> shards.forEach(
                                shard -> verificationReport.referenced(Layout.releaseFile(version, shard.path()))));
                return Optional.of(manifest);
            }
            verificationReport.addProblem(key, "is not the manifest of " + version, RESTORE);
        } catch (InvalidDocumentException e) {
            verificationReport.addProblem(key, String.valueOf(e.getMessage()), RESTORE);
        }
        return Optional.empty();
    }

    void check(Manifest manifest, ChainCheck chains) throws IOException {
        String version = manifest.version();
        Manifest.FileEntry card = manifest.card();
        Optional<Path> _ = files.verifyBytes(expectedFile(version, card.path(), card.bytes(), card.sha256()));
        Manifest.RowsFile removed = manifest.removed().file();
        Optional<Path> list = files.verifyRows(
                expectedFile(version, removed.path(), removed.bytes(), removed.sha256()), removed.rows());
        if (list.isPresent()
                && !(manifest.removed().selected().isEmpty()
                        && manifest.removed().reported().isEmpty())) {
            new RemovedCheck(verificationReport, spool, RESTORE)
                    .check(
                            manifest,
                            list.get(),
                            shard -> files.reportingTo(new VerificationReport())
                                    .verifyRows(
                                            expectedFile(version, shard.path(), shard.bytes(), shard.sha256()),
                                            shard.rows()));
        }
        for (Manifest.FileEntry extra : manifest.extraFiles()) {
            Optional<Path> _ = files.verifyBytes(expectedFile(version, extra.path(), extra.bytes(), extra.sha256()));
        }
        for (Map.Entry<View, List<Manifest.Shard>> view : manifest.views().entrySet()) {
            checkView(version, view.getKey(), view.getValue(), manifest.rows());
        }
        checkOffsets(manifest, chains);
        for (Manifest.SourceRun run : manifest.runs()) {
            checkEvidence(run, Layout.manifest(version));
        }
        for (String spec :
                manifest.histograms().getOrDefault("spec_version", Map.of()).keySet()) {
            Optional<Path> _ = checkSpecification(spec, Layout.manifest(version));
        }
        for (String column : List.of("generator_template", "judge_template")) {
            for (String template :
                    manifest.histograms().getOrDefault(column, Map.of()).keySet()) {
                checkTemplate(template, Layout.manifest(version));
            }
        }
    }

    private void checkView(String version, View view, List<Manifest.Shard> shards, long rows) throws IOException {
        List<UniqueRows.RowsFile> rowsFiles = shards.stream()
                .map(shard -> new UniqueRows.RowsFile(
                        expectedFile(version, shard.path(), shard.bytes(), shard.sha256()), shard.rows()))
                .toList();
        new UniqueRows(files, verificationReport, spool, view.schema(), view.identityColumns())
                .check(rowsFiles, "", RESTORE);
        long sum = shards.stream().mapToLong(Manifest.Shard::rows).sum();
        if (view.rowKind() == RowKind.SAMPLE && sum != rows) {
            verificationReport.addProblem(
                    Layout.manifest(version),
                    "names " + sum + " rows of " + view.label() + ", but its row count is " + rows,
                    RESTORE);
        }
    }

    private void checkOffsets(Manifest manifest, ChainCheck chains) {
        for (Manifest.ChainOffset end : manifest.offsets()) {
            String log = end.chain().logFolder();
            if (!chains.hasBoundaryAt(log, end.to())) {
                verificationReport.addProblem(
                        log,
                        "no commit that is reached from offset 0 ends at " + end.to() + ", where " + manifest.version()
                                + " was made from it",
                        "put the commits back from a backup; the version itself is not affected");
            }
        }
    }

    private void checkTemplate(String name, String by) throws IOException {
        if (Layout.isTemplateFile(name)) {
            String key = Layout.template(name);
            verificationReport.referenced(key);
            Optional<Path> _ = files.verifyBytes(new FileVerifier.ExpectedFile(
                    key,
                    0,
                    name,
                    by,
                    "put it back from a copy, or delete it and run 'precept run' with that template, which stores its"
                            + " text"));
        }
    }

    /** Without its document, numbers of the manifest cannot be computed again. */
    private void checkEvidence(Manifest.SourceRun run, String by) throws IOException {
        if (run.evidence().isPresent()) {
            Optional<Path> _ = files.verifyBytes(new FileVerifier.ExpectedFile(
                    Layout.runEvidence(run.runId()),
                    0,
                    run.evidence().get(),
                    by,
                    "put it back from a backup; samples are not affected"));
        }
    }

    private Optional<Path> checkSpecification(String version, String by) throws IOException {
        String key = Layout.specification(version);
        verificationReport.referenced(key);
        return files.verifyBytes(new FileVerifier.ExpectedFile(
                key, 0, version, by, "run 'precept run' with that specification, which stores the bundle"));
    }

    /** A ref must name a version, and its moves must have no gap. */
    void checkRef(String name, Refs refs, Set<String> versions) throws IOException {
        long next = 1;
        for (Refs.Move move : refs.moves(name)) {
            verificationReport.referenced(Layout.refMove(name, move.number()));
            if (move.number() != next) {
                verificationReport.addProblem(
                        Layout.refMove(name, next), "is missing, but later moves exist", "put it back from a backup");
            }
            if (!versions.contains(move.version())) {
                verificationReport.addProblem(
                        Layout.refMove(name, move.number()),
                        "names " + move.version() + ", but there is no such version",
                        "move the ref to an existing version, with 'precept ref'");
            }
            next = move.number() + 1;
        }
    }

    private static FileVerifier.ExpectedFile expectedFile(String version, String path, long bytes, String sha256) {
        return new FileVerifier.ExpectedFile(
                Layout.releaseFile(version, path), bytes, sha256, Layout.manifest(version), RESTORE);
    }
}
