package dev.precept.dataset.parquet;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.IndexedRecord;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.io.LocalInputFile;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of a file in order from any row on, with the schema of the file. Row groups before that row are skipped;
 * earlier rows of the same row group are decoded and dropped. For one thread.
 */
public final class RowReader implements AutoCloseable {
    private final ParquetReader<IndexedRecord> rows;
    private final long firstDecoded;

    private RowReader(ParquetReader<IndexedRecord> rows, long firstDecoded) {
        this.rows = rows;
        this.firstDecoded = firstDecoded;
    }

    /**
     * Opens a file at a row.
     *
     * @param row first row to read, from 0; at or after the end there is none
     * @throws IOException if the file cannot be read, or is not a complete Parquet file
     */
    public static RowReader openAt(Path file, long row) throws IOException {
        Start start = findStart(file, row);
        RowReader reader = new RowReader(open(file, start.position()), start.row());
        long at = start.row();
        while (at < row && reader.next() != null) {
            at++;
        }
        return reader;
    }

    /**
     * Where to begin to decode. A range of a file selects the row groups whose middle is in it: from here on, the group of the
     * row and all after it.
     *
     * @param position byte of the file at which the row group starts
     * @param row the first row of the row group
     */
    record Start(long position, long row) {}

    static Start findStart(Path file, long row) throws IOException {
        long before = 0;
        try (ParquetFileReader footer = ParquetFileReader.open(new LocalInputFile(file), options())) {
            for (BlockMetaData group : footer.getRowGroups()) {
                if (row < before + group.getRowCount()) {
                    return new Start(group.getStartingPos(), before);
                }
                before += group.getRowCount();
            }
        } catch (RuntimeException e) {
            throw new IOException(file + " is not a complete Parquet file", e);
        }
        return new Start(Long.MAX_VALUE, before);
    }

    private static ParquetReader<IndexedRecord> open(Path file, long start) throws IOException {
        return AvroParquetReader.<IndexedRecord>builder(new LocalInputFile(file), new PlainParquetConfiguration())
                .withDataModel(GenericData.get())
                .withSerializableClasses(new String[0])
                .disableCompatibility()
                .withFileRange(start, Long.MAX_VALUE)
                .withCodecFactory(new ZstdCodecs(ParquetFiles.LEVEL))
                .build();
    }

    private static ParquetReadOptions options() {
        return ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new ZstdCodecs(ParquetFiles.LEVEL))
                .build();
    }

    /** The next row; null at the end. */
    public @Nullable IndexedRecord next() throws IOException {
        return rows.read();
    }

    /** The first decoded row, which starts a row group. */
    long firstDecoded() {
        return firstDecoded;
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
