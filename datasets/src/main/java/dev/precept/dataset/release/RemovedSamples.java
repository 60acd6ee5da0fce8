package dev.precept.dataset.release;

import dev.precept.dataset.Hash;
import dev.precept.dataset.parquet.ParquetFiles;
import dev.precept.dataset.parquet.ShardWriter;
import dev.precept.dataset.spool.Spool;
import dev.precept.dataset.spool.SpoolOutputFile;
import dev.precept.dataset.view.View;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** The committed samples that a version leaves out, and what is reported of kept ones, in order of their ids, on disk. */
public final class RemovedSamples implements AutoCloseable {
    /** The columns of the Parquet file. */
    public static final Schema SCHEMA = SchemaBuilder.record("RemovedRow")
            .namespace("dev.precept.view")
            .fields()
            .requiredString("sample_id")
            .requiredString("reason")
            .optionalString("duplicate_of")
            .optionalDouble("similarity")
            .optionalLong("withdrawal")
            .endRecord();

    /** The text of an absent column. */
    private static final String NULL = "null";

    /**
     * A row of the file of a version.
     *
     * @param isKept whether the sample is in the version, and only reported
     * @param duplicateOf the sample that it resembles, if that is the reason
     */
    public record Row(
            String sampleId,
            String reason,
            boolean isKept,
            @Nullable String duplicateOf,
            @Nullable Double similarity) {}

    /** The reasons, as the file has them. */
    public static List<String> reasons() {
        return Arrays.stream(RemovedEntry.Reason.values())
                .map(RemovedEntry.Reason::label)
                .toList();
    }

    /** Reads the Parquet file of a version. */
    public static void read(Path file, Consumer<Row> rows) throws IOException {
        ParquetFiles.readColumns(
                file,
                SCHEMA,
                List.of("sample_id", "reason", "duplicate_of", "similarity"),
                row -> rows.accept(new Row(
                        row.getFirst(),
                        row.get(1),
                        RemovedEntry.Reason.valueOf(row.get(1).toUpperCase(Locale.ROOT))
                                .isKept(),
                        row.get(2).equals(NULL) ? null : row.get(2),
                        row.get(3).equals(NULL) ? null : Double.valueOf(row.get(3)))));
    }

    private final Spool spool;
    private final Path file;
    private final SpoolOutputFile parquet;
    private long bytes;

    RemovedSamples(Spool spool) {
        this.spool = spool;
        this.file = spool.file("removed");
        this.parquet = new SpoolOutputFile(spool, spool.file("removed.parquet"));
    }

    /** Appends entries in order. */
    void append(byte[] entries) throws IOException {
        if (entries.length > 0) {
            spool.charge(entries.length);
            bytes += entries.length;
            try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                out.write(entries);
            }
        }
    }

    /** Writes the Parquet file of a version, once. It is a temporary file, which is deleted with the others. */
    RemovedFile write() throws IOException {
        try (ShardWriter<IndexedRecord> writer = ParquetFiles.shardWriter(parquet, SCHEMA, View.removedStorage())) {
            if (bytes > 0) {
                write(writer);
            }
        }
        return new RemovedFile(parquet.path(), ParquetFiles.check(parquet.path()));
    }

    private void write(ShardWriter<IndexedRecord> writer) throws IOException {
        byte[] entry = new byte[RemovedEntry.WIDTH];
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            for (long read = 0; read < bytes; read += entry.length) {
                in.readFully(entry);
                writer.write(row(entry));
            }
        }
    }

    private static IndexedRecord row(byte[] entry) {
        RemovedEntry.Reason reason = RemovedEntry.Reason.of(entry[RemovedEntry.REASON]);
        GenericData.Record row = new GenericData.Record(SCHEMA);
        row.put("sample_id", Hash.from(entry, RemovedEntry.ID).toString());
        row.put("reason", reason.label());
        switch (reason) {
            case EXACT_DUPLICATE ->
                row.put("duplicate_of", Hash.from(entry, RemovedEntry.DETAIL).toString());
            case WITHDRAWN -> row.put("withdrawal", ByteBuffer.wrap(entry).getLong(RemovedEntry.DETAIL));
            case NEAR_DUPLICATE_PROMPT,
                    NEAR_DUPLICATE_SAMPLE,
                    SIMILAR_PROMPT,
                    SIMILAR_SAMPLE,
                    SEMANTIC_DUPLICATE,
                    SIMILAR_MEANING -> {
                row.put("duplicate_of", Hash.from(entry, RemovedEntry.DETAIL).toString());
                row.put("similarity", ByteBuffer.wrap(entry).getDouble(RemovedEntry.SIMILARITY));
            }
            case BELOW_THRESHOLD, SPLIT_BRIDGE, OVER_QUOTA, NOT_SELECTED, ABOVE_RISK -> {}
        }
        return row;
    }

    @Override
    public void close() throws IOException {
        spool.delete(file, bytes);
        parquet.delete();
    }
}
