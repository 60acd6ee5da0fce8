package dev.precept.dataset.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.view.Projection;
import dev.precept.dataset.view.RowFormat;
import dev.precept.dataset.view.RowInput;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.avro.generic.IndexedRecord;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowReaderSeekTest {
    private static final Projection PROJECTION = View.SFT.projection(RowFormat.JSON);
    private static final int ROWS = 25_000;
    private static final long GROUP = 10_000;

    @TempDir
    private Path folder;

    @Test
    void earlierRowGroupsAreNotRead() throws IOException {
        Path file = folder.resolve("rows.parquet");
        try (ParquetWriter<IndexedRecord> writer = ParquetFiles.writer(file, PROJECTION.schema())) {
            for (int row = 0; row < ROWS; row++) {
                writer.write(PROJECTION.row(new RowInput(NeutralRows.sample(row), null, Split.TRAIN, row)));
            }
        }
        for (int row : new int[] {0, 1, 9_999, 10_000, 10_001, 19_999, 20_000, 24_999}) {
            try (RowReader reader = RowReader.openAt(file, row)) {
                assertThat(reader.firstDecoded()).isEqualTo(row / GROUP * GROUP);
                assertThat(id(reader)).isEqualTo(NeutralRows.sample(row).getSampleId());
                long left = 0;
                while (reader.next() != null) {
                    left++;
                }
                assertThat(left).isEqualTo(ROWS - 1 - row);
            }
        }
        try (RowReader beyond = RowReader.openAt(file, ROWS)) {
            assertThat(beyond.next()).isNull();
        }
    }

    @Test
    void samplesAreReadFromAnyRowOn() throws IOException {
        Path file = folder.resolve("samples.parquet");
        try (ParquetWriter<Sample> writer = ParquetFiles.quickWriter(file, Sample.getClassSchema())) {
            for (int row = 0; row < GROUP + 2; row++) {
                writer.write(NeutralRows.sample(row));
            }
        }
        for (int row : new int[] {0, 1, 9_999, 10_000, 10_001}) {
            try (ParquetReader<Sample> reader = ParquetFiles.reader(file, Sample.class, row)) {
                assertThat(reader.read()).isEqualTo(NeutralRows.sample(row));
            }
        }
        try (ParquetReader<Sample> beyond = ParquetFiles.reader(file, Sample.class, GROUP + 2)) {
            assertThat(beyond.read()).isNull();
        }
    }

    private static String id(RowReader reader) throws IOException {
        IndexedRecord row = reader.next();
        assertThat(row).isNotNull();
        return row == null ? "" : row.get(0).toString();
    }
}
