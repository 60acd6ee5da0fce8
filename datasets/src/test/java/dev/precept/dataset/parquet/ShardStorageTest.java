package dev.precept.dataset.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.dataset.DuckDb;
import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.view.Projection;
import dev.precept.dataset.view.RowFormat;
import dev.precept.dataset.view.RowInput;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import dev.precept.records.Sample;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.avro.generic.IndexedRecord;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A reader of a release finds a row by its id without reading the others. */
final class ShardStorageTest {
    private static final int ROWS = 4_000;

    private static List<Sample> samples;
    private static Path file;

    @BeforeAll
    static void write(@TempDir Path folder) throws IOException {
        Random random = new Random(7);
        samples = IntStream.range(0, ROWS)
                .mapToObj(n -> {
                    Sample sample = NeutralRows.sample(n);
                    sample.setReasoning(random.ints(10_000, 'a', 'z')
                            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                            .toString());
                    return sample;
                })
                .sorted(Comparator.comparing(Sample::getSampleId))
                .toList();
        file = folder.resolve("raw.parquet");
        write(file, View.RAW, samples);
    }

    private static void write(Path to, View view, List<Sample> rows) throws IOException {
        write(to, view.projection(RowFormat.JSON), rows);
    }

    private static void write(Path to, Projection projection, List<Sample> rows) throws IOException {
        try (ShardWriter<IndexedRecord> writer =
                ParquetFiles.shardWriter(new LocalOutputFile(to), projection.schema(), projection.storage())) {
            for (Sample sample : rows) {
                writer.write(projection.row(new RowInput(sample, sample, Split.TRAIN, 0)));
            }
        }
    }

    private static ParquetFileReader open(FilterCompat.Filter filter) throws IOException {
        return ParquetFileReader.open(
                new LocalInputFile(file),
                ParquetReadOptions.builder(new PlainParquetConfiguration())
                        .withCodecFactory(new ZstdCodecs(ParquetFiles.LEVEL))
                        .withRecordFilter(filter)
                        .useStatsFilter()
                        .useBloomFilter()
                        .useColumnIndexFilter()
                        .build());
    }

    private static FilterPredicate is(String column, String value) {
        return FilterApi.eq(FilterApi.binaryColumn(column), Binary.fromString(value));
    }

    @Test
    void aSampleIsInOneRowGroupAndFewPages() throws IOException {
        String id = samples.get(ROWS / 3).getSampleId();
        try (ParquetFileReader all = open(FilterCompat.NOOP);
                ParquetFileReader found = open(FilterCompat.get(is("sample_id", id)))) {
            assertThat(all.getFooter().getBlocks()).hasSizeGreaterThan(2);
            assertThat(found.getRowGroups()).hasSize(1);
            PageReadStore pages = found.readNextFilteredRowGroup();
            assertThat(pages.getRowCount())
                    .as("rows of the pages that are read")
                    .isLessThanOrEqualTo(500);
        }
    }

    @Test
    void aPromptIsFoundByItsBloomFilter() throws IOException {
        try (ParquetFileReader found =
                        open(FilterCompat.get(is("prompt_id", samples.get(9).getPromptId())));
                ParquetFileReader none = open(FilterCompat.get(is("prompt_id", "8".repeat(64))))) {
            assertThat(found.getRowGroups()).hasSizeBetween(1, 2);
            assertThat(none.getRowGroups()).isEmpty();
        }
    }

    @Test
    void anEngineReadsOneRowGroup() {
        String id = samples.get(ROWS / 3).getSampleId();
        assertThat(DuckDb.query(
                        "SELECT count(*) FROM parquet_metadata('" + file + "') WHERE path_in_schema = 'sample_id'"
                                + " AND stats_min_value <= '" + id + "' AND stats_max_value >= '" + id + "'"))
                .isEqualTo(List.of(List.of("1")));
        assertThat(DuckDb.one("SELECT count(*) FROM '" + file + "' WHERE sample_id = '" + id + "'"))
                .containsExactly("1");
    }

    @Test
    void rowGroupsAndPagesAreBounded() throws IOException {
        try (ParquetFileReader reader = open(FilterCompat.NOOP)) {
            for (BlockMetaData group : reader.getFooter().getBlocks()) {
                assertThat(group.getTotalByteSize()).isLessThanOrEqualTo(16L << 20);
                for (ColumnChunkMetaData column : group.getColumns()) {
                    OffsetIndex index = reader.readOffsetIndex(column);
                    assertThat(column.getTotalUncompressedSize())
                            .as(column.getPath().toDotString())
                            .isLessThanOrEqualTo((long) index.getPageCount() * (11 << 17));
                }
            }
        }
    }

    @Test
    void theFooterNamesTheOrder() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - 8);
        assertThat(length).as("bytes of the footer").isLessThan(120_000);
        FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(bytes, bytes.length - 8 - length, length));
        assertThat(footer.getRow_groups()).allSatisfy(group -> {
            assertThat(group.getSorting_columns()).hasSize(1);
            int column = group.getSorting_columns().getFirst().getColumn_idx();
            assertThat(group.getColumns().get(column).getMeta_data().getPath_in_schema())
                    .containsExactly("sample_id");
        });
    }

    @Test
    void equalRowsGiveEqualBytes(@TempDir Path folder) throws IOException {
        write(folder.resolve("a.parquet"), View.SFT, samples.subList(0, 50));
        write(folder.resolve("b.parquet"), View.SFT, samples.subList(0, 50));
        assertThat(folder.resolve("a.parquet")).hasSameBinaryContentAs(folder.resolve("b.parquet"));
    }

    @ParameterizedTest
    @EnumSource(value = View.class, mode = EnumSource.Mode.EXCLUDE, names = "RL_GYM") // JSON lines
    void everyColumnHasAnIdOfItsOwn(View view, @TempDir Path folder) throws IOException {
        Path small = folder.resolve("small.parquet");
        write(small, view, samples.subList(0, 3));
        requireIds(small, view);
        Path plain = folder.resolve("plain.parquet");
        write(plain, view.projection(RowFormat.PLAIN), samples.subList(0, 3));
        requireIds(plain, view);
    }

    private static void requireIds(Path small, View view) {
        List<List<String>> columns = DuckDb.query("SELECT name, field_id FROM parquet_schema('" + small
                + "') WHERE name NOT IN ('list', '" + view.schema().getName() + "') AND name <> 'root'");
        assertThat(DuckDb.one("SELECT count(*) FROM '" + small + "'")).containsExactly("3");
        List<String> ids = new ArrayList<>();
        columns.forEach(column -> ids.add(column.get(1)));
        assertThat(ids).as("%s", columns).doesNotContainNull().doesNotHaveDuplicates();
    }
}
