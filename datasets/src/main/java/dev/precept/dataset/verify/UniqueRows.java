package dev.precept.dataset.verify;

import dev.precept.content.Sha256;
import dev.precept.dataset.Hash;
import dev.precept.dataset.parquet.ParquetFiles;
import dev.precept.dataset.spool.EntryBuckets;
import dev.precept.dataset.spool.Parallel;
import dev.precept.dataset.spool.Spool;
import dev.precept.dataset.view.JsonLines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.avro.Schema;

/**
 * Verifies files, several at a time, and that no two of their rows have equal columns. Rows are compared by their hashes, which
 * are sorted on disk: 44 bytes a row. For one thread, except that it starts others.
 */
final class UniqueRows {
    /** More would not help to find the cause. */
    private static final int MOST_PROBLEMS = 100;

    private static final int FILE = Hash.BYTES;
    private static final int ROW = FILE + Integer.BYTES;
    private static final int WIDTH = ROW + Long.BYTES;
    private static final Comparator<Position> IN_ORDER =
            Comparator.comparingInt(Position::file).thenComparingLong(Position::row);

    private final FileVerifier verifier;
    private final VerificationReport report;
    private final Spool spool;
    private final Schema schema;
    private final List<String> columns;

    UniqueRows(FileVerifier verifier, VerificationReport report, Spool spool, Schema schema, List<String> columns) {
        this.verifier = verifier;
        this.report = report;
        this.spool = spool;
        this.schema = schema;
        this.columns = columns;
    }

    /** A file with this many rows. */
    record RowsFile(FileVerifier.ExpectedFile file, long rows) {}

    /** The row at a position of a file. */
    private record Position(int file, long row) {}

    /** Rows that came before, in order; the first of them only. */
    private record Repeated(List<Position> first, long rows) {}

    /**
     * Adds problems of the files to the report.
     *
     * @param only if not empty, only rows whose first column has this value are compared
     * @param remedy what to do about a row that came before
     */
    void check(List<RowsFile> files, String only, String remedy) throws IOException {
        int bits = EntryBuckets.bitsFor(files.stream().mapToLong(RowsFile::rows).sum());
        EntryBuckets rows = new EntryBuckets(spool, "rows", WIDTH, bits);
        Parallel.inOrder(Parallel.threads(), files.size(), n -> add(n, files.get(n), only, rows), report::add);
        List<Position> first = new ArrayList<>();
        long[] repeated = {0};
        Parallel.inOrder(Parallel.threads(), rows.buckets(), n -> find(rows, n), found -> {
            first.addAll(found.first);
            repeated[0] += found.rows;
            keepFirst(first);
        });
        report(files, first, repeated[0], remedy);
    }

    private static void keepFirst(List<Position> positions) {
        positions.sort(IN_ORDER);
        if (positions.size() > MOST_PROBLEMS) {
            positions.subList(MOST_PROBLEMS, positions.size()).clear();
        }
    }

    private VerificationReport add(int number, RowsFile rowsFile, String only, EntryBuckets rows) throws IOException {
        VerificationReport ofFile = new VerificationReport();
        Optional<Path> local = verifier.reportingTo(ofFile).verifyRows(rowsFile.file, rowsFile.rows);
        if (local.isPresent()) {
            long[] row = {0};
            readColumns(rowsFile.file, local.get(), texts -> {
                if (only.isEmpty() || only.equals(texts.getFirst())) {
                    add(rows, texts, number, row[0]);
                }
                row[0]++;
            });
        }
        return ofFile;
    }

    private void readColumns(FileVerifier.ExpectedFile file, Path local, Consumer<List<String>> reader)
            throws IOException {
        if (file.isJsonLines()) {
            JsonLines.readColumns(local, columns, reader);
        } else {
            ParquetFiles.readColumns(local, schema, columns, reader);
        }
    }

    private static void add(EntryBuckets rows, List<String> texts, int file, long row) {
        try {
            rows.add(Hash.of(Sha256.hex(String.join("\n", texts)))
                    .putInto(ByteBuffer.allocate(WIDTH))
                    .putInt(file)
                    .putLong(row)
                    .array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Repeated find(EntryBuckets rows, int bucket) throws IOException {
        List<Position> first = new ArrayList<>();
        long[] repeated = {0};
        byte[] before = new byte[Hash.BYTES];
        boolean[] started = {false};
        rows.forEachSorted(bucket, (data, at) -> {}, (data, at) -> {
            if (started[0] && Arrays.equals(before, 0, before.length, data, at, at + before.length)) {
                ByteBuffer entry = ByteBuffer.wrap(data);
                first.add(new Position(entry.getInt(at + FILE), entry.getLong(at + ROW)));
                repeated[0]++;
                if (first.size() > 2 * MOST_PROBLEMS) {
                    keepFirst(first);
                }
            }
            started[0] = true;
            System.arraycopy(data, at, before, 0, before.length);
        });
        rows.delete(bucket);
        return new Repeated(first, repeated[0]);
    }

    private void report(List<RowsFile> files, List<Position> first, long repeated, String remedy) throws IOException {
        for (Position position : first) {
            FileVerifier.ExpectedFile file = files.get(position.file).file();
            report.addProblem(
                    file.key(),
                    "has a row that came before: " + String.join(", ", columns) + " = " + texts(file, position.row),
                    remedy);
        }
        if (repeated > first.size()) {
            report.addProblem(
                    files.get(first.getLast().file).file().key(),
                    "and files after it have " + (repeated - first.size()) + " more rows that came before",
                    remedy);
        }
    }

    private List<String> texts(FileVerifier.ExpectedFile file, long wanted) throws IOException {
        List<String> found = new ArrayList<>();
        long[] row = {0};
        readColumns(file, verifier.local(file), texts -> {
            if (row[0]++ == wanted) {
                found.addAll(texts);
            }
        });
        return found;
    }
}
