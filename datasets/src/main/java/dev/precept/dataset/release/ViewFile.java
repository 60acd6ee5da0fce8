package dev.precept.dataset.release;

import dev.precept.dataset.parquet.ParquetFiles;
import dev.precept.dataset.parquet.ShardWriter;
import dev.precept.dataset.spool.SpoolOutputFile;
import dev.precept.dataset.view.JsonLines;
import dev.precept.dataset.view.Projection;
import dev.precept.dataset.view.RowInput;
import dev.precept.dataset.view.View;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.avro.generic.IndexedRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The temporary file of one view of a shard: Parquet, or JSON lines. For one thread at a time. */
final class ViewFile {
    private static final Logger LOG = LoggerFactory.getLogger(ViewFile.class);

    private final View view;
    private final Projection projection;
    private final SpoolOutputFile file;
    private final RowConsumer rows;
    private final Closeable writer;

    private interface RowConsumer {
        void accept(IndexedRecord row) throws IOException;
    }

    ViewFile(View view, Projection projection, SpoolOutputFile file) throws IOException {
        this.view = view;
        this.projection = projection;
        this.file = file;
        if (view.isJsonLines()) {
            JsonLines.Writer lines = new JsonLines.Writer(file.create(0));
            this.rows = lines::write;
            this.writer = lines;
        } else {
            ShardWriter<IndexedRecord> shard =
                    ParquetFiles.shardWriter(file, projection.schema(), projection.storage());
            this.rows = shard::write;
            this.writer = shard;
        }
    }

    void write(RowInput input) throws IOException {
        rows.accept(projection.row(input));
    }

    /** Completes the file and reads it back. */
    ShardReceiver.LocalFile finish() throws IOException {
        writer.close();
        Path path = file.path();
        return new ShardReceiver.LocalFile(path, view.isJsonLines() ? JsonLines.check(path) : ParquetFiles.check(path));
    }

    /** Closes a file that is deleted, which frees native memory. */
    void abandon() {
        try {
            writer.close();
        } catch (IOException | RuntimeException e) {
            LOG.debug("a file that is deleted could not be completed", e);
        }
    }

    void delete() throws IOException {
        file.delete();
    }
}
