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
 * The open end of one chain: records as they came, in a local file that nobody names yet. Dropping it loses nothing, and
 * however many are open, each costs no more memory than a buffer.
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

    /** A record that may turn out to be anything. */
    void append(long offset, byte @Nullable [] value) throws IOException {
        int length = value == null ? 0 : value.length;
        ByteBuffer row = ByteBuffer.allocate(Long.BYTES + length).putLong(offset);
        if (value != null) {
            row.put(value);
        }
        records.append(row.array());
        advanceTo(offset + 1);
    }

    /** A record that is known to be the end of a run. */
    void appendCompletion(long offset, String runId) {
        completed.add(runId);
        advanceTo(offset + 1);
    }

    /** Everything before this offset has been seen; it may lie past control records. */
    void advanceTo(long offset) {
        to = Math.max(to, offset);
    }

    /** What is done with each record that waits; an absent value comes as an empty one. */
    interface Visitor {
        void visit(long offset, byte[] value) throws IOException;
    }

    /** Visits every record in the order they came. May be repeated; no record can be added afterwards. */
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

    /** Runs whose end is known to lie here. */
    List<String> completed() {
        return completed;
    }

    long from() {
        return from;
    }

    long to() {
        return to;
    }

    /** Records that wait, with those that nobody will be able to read. */
    long rows() {
        return records.rows();
    }

    /** On disk. */
    long bytes() {
        return records.bytes();
    }

    Instant opened() {
        return opened;
    }

    /** Removes what is on disk. */
    void delete() throws IOException {
        records.delete();
    }
}
