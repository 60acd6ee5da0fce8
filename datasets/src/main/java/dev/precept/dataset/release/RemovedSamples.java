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
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;

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
            case BELOW_THRESHOLD, SPLIT_BRIDGE, OVER_QUOTA, NOT_SELECTED -> {}
        }
        return row;
    }

    @Override
    public void close() throws IOException {
        spool.delete(file, bytes);
        parquet.delete();
    }
}
