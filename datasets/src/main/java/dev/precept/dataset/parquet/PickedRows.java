package dev.precept.dataset.parquet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.filter.RecordFilter;
import org.apache.parquet.filter.UnboundRecordFilter;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.io.LocalInputFile;

/**
 * Reads some columns of some rows of a file by their position. Other row groups are not read, and the values of other rows are
 * skipped without being decoded.
 */
public final class PickedRows {
    private PickedRows() {}

    /**
     * Reads rows, in ascending order of their positions.
     *
     * @param schema schema of all columns
     * @param paths columns, as of {@link ProjectedReader}
     * @param rows positions from 0, in ascending order, each once
     * @throws IOException if the file cannot be read, or has fewer rows
     */
    public static List<GenericRecord> read(Path file, Schema schema, List<String> paths, int[] rows)
            throws IOException {
        List<GenericRecord> read = new ArrayList<>(rows.length);
        int picked = 0;
        long before = 0;
        for (BlockMetaData group : groups(file)) {
            int from = picked;
            while (picked < rows.length && rows[picked] < before + group.getRowCount()) {
                picked++;
            }
            if (picked > from) {
                long first = before;
                long[] wanted = Arrays.stream(rows, from, picked)
                        .mapToLong(row -> row - first)
                        .toArray();
                readGroup(file, schema, paths, group, wanted, read);
            }
            before += group.getRowCount();
        }
        if (read.size() != rows.length) {
            throw new IOException(file + " has " + before + " rows; a row after them was to be read");
        }
        return read;
    }

    private static List<BlockMetaData> groups(Path file) throws IOException {
        ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new ZstdCodecs(ParquetFiles.LEVEL))
                .build();
        try (ParquetFileReader footer = ParquetFileReader.open(new LocalInputFile(file), options)) {
            return footer.getRowGroups();
        } catch (RuntimeException e) {
            throw new IOException(file + " is not a complete Parquet file", e);
        }
    }

    private static void readGroup(
            Path file, Schema schema, List<String> paths, BlockMetaData group, long[] wanted, List<GenericRecord> read)
            throws IOException {
        long start = group.getStartingPos();
        try (ParquetReader<GenericRecord> reader = ProjectedReader.builder(file, schema, paths)
                .withFileRange(start, start + group.getCompressedSize())
                .withFilter(FilterCompat.get(new AtPositions(wanted)))
                .build()) {
            for (int i = 0; i < wanted.length; i++) {
                GenericRecord row = reader.read();
                if (row == null) {
                    return;
                }
                read.add(row);
            }
        }
    }

    /** Matches the rows at some positions of one row group. The reader asks once for each row, in order. */
    private static final class AtPositions implements UnboundRecordFilter, RecordFilter {
        private final long[] wanted;
        private int next;
        private long row;

        AtPositions(long[] wanted) {
            this.wanted = wanted;
        }

        @Override
        public RecordFilter bind(Iterable<ColumnReader> columns) {
            return this;
        }

        @Override
        public boolean isMatch() {
            boolean match = next < wanted.length && wanted[next] == row;
            next += match ? 1 : 0;
            row++;
            return match;
        }
    }
}
