package dev.precept.dataset.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.precept.dataset.NeutralRows;
import dev.precept.records.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.hadoop.ParquetWriter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PickedRowsTest {
    private static final int ROWS = ParquetFiles.ROW_GROUP_ROWS + 50;
    /** Rows repeat after this many. */
    private static final List<Sample> SAMPLES =
            IntStream.range(0, 97).mapToObj(NeutralRows::sample).toList();

    private static final List<String> PATHS = List.of("sample_id", "messages.content", "judge.reason", "answer");

    @TempDir
    private Path folder;

    private Path file;

    private static Sample sample(int n) {
        return SAMPLES.get(n % SAMPLES.size());
    }

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("rows.parquet");
        try (ParquetWriter<Sample> writer = ParquetFiles.quickWriter(file, Sample.getClassSchema())) {
            for (int n = 0; n < ROWS; n++) {
                writer.write(sample(n));
            }
        }
    }

    @Test
    void rowsOfAnyRowGroupAreThoseAtTheirPositions() throws IOException {
        int[] wanted = {0, 1, 7, 9_999, 10_000, 10_001, ROWS - 1};
        List<GenericRecord> read = PickedRows.read(file, Sample.getClassSchema(), PATHS, wanted);
        assertThat(read)
                .extracting(row -> row.get("sample_id").toString())
                .containsExactlyElementsOf(IntStream.of(wanted)
                        .mapToObj(n -> sample(n).getSampleId())
                        .toList());
        assertThat(read.getLast().get("answer")).hasToString(sample(ROWS - 1).getAnswer());
        assertThat(read.getLast().getSchema().getField("reasoning"))
                .as("a column that was not asked for")
                .isNull();
    }

    @Test
    void aRowAfterTheLastIsAnError() {
        assertThatIOException()
                .isThrownBy(() -> PickedRows.read(file, Sample.getClassSchema(), PATHS, new int[] {3, ROWS}));
    }
}
