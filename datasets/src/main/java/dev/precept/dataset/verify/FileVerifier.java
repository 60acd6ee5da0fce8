package dev.precept.dataset.verify;

import dev.precept.content.Sha256;
import dev.precept.dataset.parquet.ParquetFiles;
import dev.precept.dataset.parquet.ParquetFiles.FileSummary;
import dev.precept.dataset.view.JsonLines;
import dev.precept.store.ObjectStore;
import dev.precept.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** Verifies files against the commit or manifest that names them, and adds problems to the report. */
final class FileVerifier {
    private final ObjectStore store;
    private final Set<String> keys;
    private final VerificationReport verificationReport;

    /** @param keys all stored keys */
    FileVerifier(ObjectStore store, Set<String> keys, VerificationReport verificationReport) {
        this.store = store;
        this.keys = keys;
        this.verificationReport = verificationReport;
    }

    /** A file as its commit or manifest describes it. */
    record ExpectedFile(String key, long bytes, String sha256, String referencedBy, String remedy) {
        boolean isJsonLines() {
            return key.endsWith(JsonLines.EXTENSION);
        }
    }

    /** The file, if its bytes are as expected; else empty, and a problem is reported. */
    Optional<Path> verifyBytes(ExpectedFile file) throws IOException {
        verificationReport.referenced(file.key);
        if (!keys.contains(file.key)) {
            verificationReport.addProblem(file.key, "is missing, but " + file.referencedBy + " names it", file.remedy);
            return Optional.empty();
        }
        Path local;
        try {
            local = store.fetch(file.key);
        } catch (StoreException.Corrupt e) {
            verificationReport.addProblem(
                    file.key, "is damaged: what the store gives back is not what was stored", file.remedy);
            return Optional.empty();
        }
        String found = Sha256.hex(local);
        if (!found.equals(file.sha256)) {
            verificationReport.addProblem(
                    file.key,
                    "has sha256 " + found + ", but " + file.referencedBy + " names " + file.sha256,
                    file.remedy);
            return Optional.empty();
        }
        return Optional.of(local);
    }

    /** The file of rows, if its bytes and rows are as expected; else empty, and a problem is reported. */
    Optional<Path> verifyRows(ExpectedFile file, long rows) throws IOException {
        Optional<Path> local = verifyBytes(file);
        if (local.isEmpty()) {
            return local;
        }
        FileSummary found;
        try {
            found = file.isJsonLines() ? JsonLines.check(local.get()) : ParquetFiles.check(local.get());
        } catch (IOException broken) {
            verificationReport.addProblem(
                    file.key,
                    file.isJsonLines() ? "is not a complete file of JSON lines" : "is not a complete Parquet file",
                    file.remedy);
            return Optional.empty();
        }
        if (found.rows() != rows || found.bytes() != file.bytes) {
            verificationReport.addProblem(
                    file.key,
                    "has " + found.rows() + " rows and " + found.bytes() + " bytes, but " + file.referencedBy
                            + " names " + rows + " and " + file.bytes,
                    file.remedy);
            return Optional.empty();
        }
        verificationReport.countVerified(rows);
        return local;
    }

    /** The same verifier with another report, for another thread. */
    FileVerifier reportingTo(VerificationReport other) {
        return new FileVerifier(store, keys, other);
    }

    /** A file that was verified. */
    Path local(ExpectedFile file) throws IOException {
        return store.fetch(file.key);
    }
}
