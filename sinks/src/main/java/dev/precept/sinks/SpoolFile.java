package dev.precept.sinks;

import dev.precept.dataset.parquet.RowFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The uncommitted records of one partition, still encoded, in a local file. It can be discarded, since the records are in
 * the topic; its memory is one buffer.
 */
final class SpoolFile {
    private final RowFile records;
    private final Instant opened;
    private final long from;
    private final List<String> completed = new ArrayList<>();
    private long to;

    SpoolFile(Path folder, long from, Instant opened) {
        this.records = new RowFile(folder.resolve(UUID.randomUUID() + ".rows"));
        this.from = from;
        this.to = from;
        this.opened = opened;
    }

    /** Appends a record that has not been decoded. */
    void append(long offset, byte @Nullable [] value) throws IOException {
        int length = value == null ? 0 : value.length;
        ByteBuffer row = ByteBuffer.allocate(Long.BYTES + length).putLong(offset);
        if (value != null) {
            row.put(value);
        }
        records.append(row.array());
        advanceTo(offset + 1);
    }

    /** Appends a completion marker. */
    void appendCompletion(long offset, String runId) {
        completed.add(runId);
        advanceTo(offset + 1);
    }

    /** Moves the end to a consumer position, which may be past control records. */
    void advanceTo(long offset) {
        to = Math.max(to, offset);
    }

    /** Receives each record; a null value is passed as an empty one. */
    interface Visitor {
        void visit(long offset, byte[] value) throws IOException;
    }

    /** Visits all records in order. May be repeated; no record can be appended afterwards. */
    void forEach(Visitor visitor) throws IOException {
        records.forEach(
                row -> visitor.visit(ByteBuffer.wrap(row).getLong(), Arrays.copyOfRange(row, Long.BYTES, row.length)));
    }

    boolean isEmpty() {
        return records.rows() == 0 && completed.isEmpty();
    }

    boolean hasMarker() {
        return !completed.isEmpty();
    }

    /** Runs whose completion markers were appended. */
    List<String> completed() {
        return completed;
    }

    long from() {
        return from;
    }

    long to() {
        return to;
    }

    /** The number of records, including undecodable ones. */
    long rows() {
        return records.rows();
    }

    /** Size on disk. */
    long bytes() {
        return records.bytes();
    }

    Instant opened() {
        return opened;
    }

    /** Deletes the file. */
    void delete() throws IOException {
        records.delete();
    }
}
