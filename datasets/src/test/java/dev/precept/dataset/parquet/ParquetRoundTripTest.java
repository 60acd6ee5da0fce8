package dev.precept.dataset.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.content.Sha256;
import dev.precept.dataset.DuckDb;
import dev.precept.dataset.NeutralRows;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificRecord;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ParquetRoundTripTest {
    @TempDir
    private Path folder;

    @Test
    void samplesAreReadBackUnchanged() throws IOException {
        List<Sample> samples = samples(100);
        assertThat(read(written("a", Sample.getClassSchema(), samples), Sample.class))
                .isEqualTo(samples);
    }

    @Test
    void rejectionsAreReadBackWithTheirNulls() throws IOException {
        List<Rejection> rejections =
                IntStream.range(0, 50).mapToObj(NeutralRows::rejection).toList();
        assertThat(read(written("a", Rejection.getClassSchema(), rejections), Rejection.class))
                .isEqualTo(rejections);
    }

    @Test
    void anotherReaderSeesNestedValuesListsNullsAndUnicode() throws IOException {
        Path file = written("a", Sample.getClassSchema(), samples(6));
        assertThat(DuckDb.one("SELECT count(*), count(tools), count(side_info), min(slot) FROM '" + file + "'"))
                .containsExactly("6", "4", "4", "0");
        assertThat(DuckDb.one("SELECT messages[2].content, messages[2].name, messages[2].reasoning_content, "
                        + "len(messages), category[2], len(judge), judge[2].score, judge[1].criteria['safety'], "
                        + "generator.usage.completion_tokens, dedup.seq.offset, dedup.bands[2], source.license, "
                        + "epoch_ms(created_at) FROM '" + file + "' WHERE dedup.seq.offset = 4"))
                .containsExactly(
                        "Question 4, caf\u00e9 \ud83d\ude00?",
                        "reader",
                        "null",
                        "3",
                        "violence",
                        "2",
                        "8.5",
                        "9.0",
                        "40",
                        "4",
                        "-2",
                        "CC0-1.0",
                        "1700000000004");
    }

    @Test
    void listsHaveThreeLevelsAndPagesAreZstd() throws IOException {
        Path file = written("a", Sample.getClassSchema(), samples(6));
        assertThat(DuckDb.query("SELECT DISTINCT compression FROM parquet_metadata('" + file + "')"))
                .containsExactly(List.of("ZSTD"));
        assertThat(DuckDb.query("SELECT DISTINCT path_in_schema FROM parquet_metadata('" + file
                        + "') WHERE path_in_schema " + "LIKE 'category%'"))
                .containsExactly(List.of("category, list, element"));
    }

    @Test
    void rowGroupsAreSmall() throws IOException {
        Path file = written("a", Sample.getClassSchema(), samples(12_000));
        List<List<String>> groups =
                DuckDb.query("SELECT DISTINCT row_group_id, row_group_num_rows, row_group_bytes FROM "
                        + "parquet_metadata('" + file + "') ORDER BY ALL");
        assertThat(groups).hasSizeGreaterThanOrEqualTo(2).allSatisfy(group -> {
            assertThat(Long.parseLong(group.get(1))).isLessThanOrEqualTo(10_000);
            assertThat(Long.parseLong(group.get(2))).isLessThan(20L << 20);
        });
        assertThat(groups.stream()
                        .mapToLong(group -> Long.parseLong(group.get(1)))
                        .sum())
                .isEqualTo(12_000);
    }

    @Test
    void equalRowsGiveEqualBytes() throws IOException {
        Path first = written("a", Sample.getClassSchema(), samples(500));
        Path second = written("b", Sample.getClassSchema(), samples(500));
        assertThat(second).hasSameBinaryContentAs(first);
    }

    @Test
    void theCheckReturnsRowsAndHash() throws IOException {
        Path file = written("a", Sample.getClassSchema(), samples(7));
        byte[] bytes = Files.readAllBytes(file);
        assertThat(ParquetFiles.check(file))
                .isEqualTo(new ParquetFiles.FileSummary(7, bytes.length, Sha256.hex(bytes)));
    }

    @Test
    void aTruncatedFileFailsTheCheck() throws IOException {
        Path file = written("a", Sample.getClassSchema(), samples(7));
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 9));
        assertThatThrownBy(() -> ParquetFiles.check(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file + " is not a complete Parquet file");
    }

    private static List<Sample> samples(int count) {
        return IntStream.range(0, count).mapToObj(NeutralRows::sample).toList();
    }

    private <R extends IndexedRecord> Path written(String name, Schema schema, List<R> rows) throws IOException {
        Path file = folder.resolve(name + ".parquet");
        try (ParquetWriter<R> writer = ParquetFiles.writer(file, schema)) {
            for (R row : rows) {
                writer.write(row);
            }
        }
        return file;
    }

    private static <R extends SpecificRecord> List<R> read(Path file, Class<R> type) throws IOException {
        List<R> rows = new ArrayList<>();
        try (ParquetReader<R> reader = ParquetFiles.reader(file, type)) {
            for (R row = reader.read(); row != null; row = reader.read()) {
                rows.add(row);
            }
        }
        return rows;
    }
}
