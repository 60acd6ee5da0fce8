package dev.precept.sinks;

import dev.precept.sinks.parquet.ParquetFiles;
import dev.precept.sinks.parquet.ParquetFiles.Checked;
import dev.precept.store.ObjectDamaged;
import dev.precept.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;

/** The files of a dataset, held against what is said of them. */
final class StoredFiles {
    private final ObjectStore store;
    private final Set<String> keys;
    private final Findings findings;

    /** @param keys all that are stored */
    StoredFiles(ObjectStore store, Set<String> keys, Findings findings) {
        this.store = store;
        this.keys = keys;
        this.findings = findings;
    }

    /** A file as whoever names it describes it. */
    record Described(String key, long bytes, String sha256, String by, String remedy) {}

    /** A file whose bytes are as described; empty, and a problem noted, where it is not. */
    Optional<Path> bytes(Described file) throws IOException {
        findings.named(file.key);
        if (!keys.contains(file.key)) {
            findings.problem(file.key, "is missing, and " + file.by + " names it", file.remedy);
            return Optional.empty();
        }
        Path local;
        try {
            local = store.fetch(file.key);
        } catch (ObjectDamaged e) {
            findings.problem(file.key, "is damaged: what the store gives back is not what was stored", file.remedy);
            return Optional.empty();
        }
        String found = ParquetFiles.sha256(local);
        if (!found.equals(file.sha256)) {
            findings.problem(
                    file.key, "has sha256 " + found + ", and " + file.by + " says " + file.sha256, file.remedy);
            return Optional.empty();
        }
        return Optional.of(local);
    }

    /** A Parquet file whose bytes and rows are as described; empty, and a problem noted, where it is not. */
    Optional<Path> parquet(Described file, long rows) throws IOException {
        Optional<Path> local = bytes(file);
        if (local.isEmpty()) {
            return local;
        }
        Checked found;
        try {
            found = ParquetFiles.check(local.get());
        } catch (IOException broken) {
            findings.problem(file.key, "is not a whole Parquet file", file.remedy);
            return Optional.empty();
        }
        if (found.rows() != rows || found.bytes() != file.bytes) {
            findings.problem(
                    file.key,
                    "has " + found.rows() + " rows and " + found.bytes() + " bytes, and " + file.by + " says " + rows
                            + " and " + file.bytes,
                    file.remedy);
            return Optional.empty();
        }
        findings.whole(rows);
        return local;
    }

    /** Names of rows that must not come twice. */
    final class Ids {
        private final Schema schema;
        private final List<String> columns;
        private final Set<String> seen = new HashSet<>();

        Ids(Schema schema, List<String> columns) {
            this.schema = schema;
            this.columns = columns;
        }

        /** @param only where not empty: the rows whose first column has this text */
        void read(String key, Path file, String only, String remedy) throws IOException {
            ParquetFiles.columns(file, schema, columns, texts -> {
                if ((only.isEmpty() || only.equals(texts.getFirst())) && !seen.add(String.join(" ", texts))) {
                    findings.problem(
                            key, "has a row that came before: " + String.join(", ", columns) + " = " + texts, remedy);
                }
            });
        }
    }
}
