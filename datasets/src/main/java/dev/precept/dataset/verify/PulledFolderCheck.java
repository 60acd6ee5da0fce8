package dev.precept.dataset.verify;

import dev.precept.config.ConfigurationException;
import dev.precept.config.FileErrors;
import dev.precept.dataset.InvalidDocumentException;
import dev.precept.dataset.Layout;
import dev.precept.dataset.Manifest;
import dev.precept.dataset.read.PulledParts;
import dev.precept.dataset.spool.Spool;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import dev.precept.store.LocalStore;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Verifies a folder that {@link dev.precept.dataset.read.Pull} wrote against the manifest in it. Needs no dataset. */
public final class PulledFolderCheck {
    private static final String AGAIN = "pull it again, which keeps the files that are right";

    private final ObjectStore store;
    private final Set<String> keys;
    private final Manifest manifest;
    private final PulledParts parts;
    private final VerificationReport report = new VerificationReport();

    private PulledFolderCheck(ObjectStore store, Manifest manifest, PulledParts parts) throws IOException {
        this.store = store;
        this.keys = new TreeSet<>(store.list(""));
        this.manifest = manifest;
        this.parts = parts;
    }

    /** What was verified: the parts of the version in the folder, and the result. */
    public record Checked(Manifest manifest, PulledParts parts, Verification.Result result) {}

    /**
     * Verifies the views and splits that the card of the folder names.
     *
     * @param spool local folder for temporary files, 44 bytes a row of the largest view
     * @throws ConfigurationException if the folder holds no version
     */
    public static Checked verify(Path folder, Path spool) throws IOException {
        ObjectStore store;
        Manifest manifest;
        try {
            store = LocalStore.openReadOnly(folder);
            manifest = Manifest.read(
                    store.read(Layout.MANIFEST).orElseThrow(() -> noVersion(folder, Layout.MANIFEST + " is missing")));
        } catch (InvalidDocumentException e) {
            throw noVersion(folder, Layout.MANIFEST + ": " + e.getMessage());
        } catch (IOException e) {
            throw noVersion(folder, FileErrors.describe(e));
        }
        Optional<byte[]> card = store.read(Layout.CARD);
        PulledParts parts = card.map(text -> PulledParts.of(new String(text, StandardCharsets.UTF_8)))
                .orElseGet(PulledParts::none);
        PulledFolderCheck check = new PulledFolderCheck(store, manifest, parts);
        try (Spool files = Spool.open(spool, Long.MAX_VALUE)) {
            check.checkAll(card.isPresent(), files);
        }
        return new Checked(
                manifest,
                parts,
                new Verification.Result(
                        check.report.problems(), List.of(), List.of(), 0, check.report.files(), check.report.rows()));
    }

    private static ConfigurationException noVersion(Path folder, String why) {
        return new ConfigurationException(
                "--in " + folder + ": holds no version (" + why + "); 'precept pull' copies one into it");
    }

    private void checkAll(boolean hasCard, Spool spool) throws IOException {
        if (!hasCard || parts.isEmpty()) {
            report.addProblem(Layout.CARD, "is missing, or names no view, so a loader finds no file", AGAIN);
        }
        FileVerifier files = new FileVerifier(store, keys, report);
        for (Map.Entry<View, List<Manifest.Shard>> view : manifest.views().entrySet()) {
            List<UniqueRows.RowsFile> pulled = new ArrayList<>();
            for (Manifest.Shard shard : view.getValue()) {
                if (parts.contains(view.getKey(), shard.split())) {
                    pulled.add(new UniqueRows.RowsFile(
                            new FileVerifier.ExpectedFile(
                                    shard.path(), shard.bytes(), shard.sha256(), Layout.MANIFEST, AGAIN),
                            shard.rows()));
                }
            }
            new UniqueRows(
                            files,
                            report,
                            spool,
                            view.getKey().schema(),
                            view.getKey().identityColumns())
                    .check(pulled, "", AGAIN);
        }
        List<View> views = manifest.views().keySet().stream()
                .filter(view -> Arrays.stream(Split.values()).anyMatch(split -> parts.contains(view, split)))
                .toList();
        for (Manifest.FileEntry extra : manifest.extraFilesOf(views)) {
            Optional<Path> _ = files.verifyBytes(
                    new FileVerifier.ExpectedFile(extra.path(), extra.bytes(), extra.sha256(), Layout.MANIFEST, AGAIN));
        }
        for (String key : keys) {
            if (PulledParts.isOfView(Path.of(key)) && !report.isReferenced(key)) {
                report.addProblem(
                        key,
                        "is not of what " + Layout.CARD + " names: a pull did not end, or it is of something else",
                        "complete the pull of this view, or move the file away: a loader may read it");
            }
        }
    }
}
