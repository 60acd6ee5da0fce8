package dev.precept.sinks;

import dev.precept.sinks.parquet.ParquetFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.parquet.hadoop.ParquetWriter;
import org.jspecify.annotations.Nullable;

/** The open end of one chain: rows in a local file that nobody names yet. Dropping it loses nothing. */
final class SpoolFile {
    private final Path file;
    private final Schema schema;
    private final Instant opened;
    private final long from;
    private final List<String> completed = new ArrayList<>();

    private @Nullable ParquetWriter<SpecificRecord> writer;
    private long to;
    private long rows;
    private long unreadable;

    SpoolFile(Path folder, Schema schema, long from, Instant opened) {
        this.file = folder.resolve(UUID.randomUUID() + ".parquet");
        this.schema = schema;
        this.from = from;
        this.to = from;
        this.opened = opened;
    }

    void row(long offset, SpecificRecord row) throws IOException {
        if (writer == null) {
            writer = ParquetFiles.writer(file, schema);
        }
        writer.write(row);
        rows++;
        reached(offset + 1);
    }

    void complete(long offset, String runId) {
        completed.add(runId);
        reached(offset + 1);
    }

    void unreadable(long offset) {
        unreadable++;
        reached(offset + 1);
    }

    /** Everything before this offset has been seen; it may lie past control records. */
    void reached(long offset) {
        to = Math.max(to, offset);
    }

    boolean empty() {
        return rows == 0 && completed.isEmpty() && unreadable == 0;
    }

    boolean hasMarker() {
        return !completed.isEmpty();
    }

    long from() {
        return from;
    }

    long to() {
        return to;
    }

    long rows() {
        return rows;
    }

    long unreadables() {
        return unreadable;
    }

    List<String> completed() {
        return completed;
    }

    Instant opened() {
        return opened;
    }

    long bytes() {
        return writer == null ? 0 : writer.getDataSize();
    }

    /** Ends the file and reads it back. Null where there was no row. */
    ParquetFiles.@Nullable Checked close() throws IOException {
        if (writer == null) {
            return null;
        }
        writer.close();
        ParquetFiles.Checked checked = ParquetFiles.check(file);
        if (checked.rows() != rows) {
            throw new IOException(file + " has " + checked.rows() + " rows in its footer, " + rows + " were written");
        }
        return checked;
    }

    Path file() {
        return file;
    }

    void drop() throws IOException {
        ParquetWriter<SpecificRecord> open = writer;
        writer = null;
        try {
            if (open != null) {
                open.close();
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
