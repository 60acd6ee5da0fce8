package dev.precept.evaluation.result;

import dev.precept.dataset.parquet.ParquetFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.hadoop.ParquetWriter;

/** Writes the rows of a result as Parquet; the file appears when it is complete. For one thread. */
public final class AnswerFile implements AutoCloseable {
    private final Path file;
    private final Path part;
    private final Schema schema;
    private final ParquetWriter<GenericRecord> writer;

    /** @param schema a record of plain columns */
    public AnswerFile(Path file, Schema schema) throws IOException {
        this.file = file;
        this.part = file.resolveSibling(file.getFileName() + ".part");
        this.schema = schema;
        Files.deleteIfExists(part);
        this.writer = ParquetFiles.writer(part, schema);
    }

    /** An empty row. */
    public GenericRecord row() {
        return new GenericData.Record(schema);
    }

    public void write(GenericRecord row) throws IOException {
        writer.write(row);
    }

    /** Puts the complete file in place. */
    public void finish() throws IOException {
        writer.close();
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Without {@link #finish} the file stays as it was. */
    @Override
    public void close() throws IOException {
        if (Files.exists(part)) {
            writer.close();
            Files.deleteIfExists(part);
        }
    }
}
