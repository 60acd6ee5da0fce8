package dev.precept.dataset.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.dataset.NeutralRows;
import dev.precept.records.Sample;
import dev.precept.testkit.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Row groups stay below the limit, so a resumed reader skips whole row groups and holds one. */
final class RowGroupSizeTest {
    private static final long MOST_BYTES = 16L << 20;
    private static final long MOST_ROWS = 10_000;

    @TempDir
    private Path folder;

    @Test
    void smallRowsStayBelowTheLimit() throws IOException {
        List<BlockMetaData> groups = written(12_000, n -> 40);
        assertThat(groups).hasSizeGreaterThan(1);
    }

    @Test
    void largeRowsStayBelowTheLimit() throws IOException {
        written(1_500, n -> 40_000);
    }

    @Test
    void rowsThatGrowStayBelowTheLimit() throws IOException {
        written(3_000, n -> n < 2_000 ? 100 : 60_000);
    }

    @Test
    void aFewHugeRowsStayBelowTheLimit() throws IOException {
        written(2_000, n -> n % 50 == 0 ? 1_000_000 : 500);
    }

    private List<BlockMetaData> written(int rows, IntUnaryOperator letters) throws IOException {
        Path file = folder.resolve("rows.parquet");
        Random random = new Random(Seed.choose(getClass()));
        try (ParquetWriter<Sample> writer = ParquetFiles.writer(file, Sample.getClassSchema())) {
            for (int n = 0; n < rows; n++) {
                Sample sample = NeutralRows.sample(n);
                sample.setReasoning(text(random, letters.applyAsInt(n)));
                writer.write(sample);
            }
        }
        List<BlockMetaData> groups = groups(file);
        List<String> sizes = new ArrayList<>();
        groups.forEach(group -> sizes.add(group.getRowCount() + " rows " + group.getTotalByteSize()));
        System.out.println(sizes);
        assertThat(groups.stream().mapToLong(BlockMetaData::getRowCount).sum()).isEqualTo(rows);
        assertThat(groups).allSatisfy(group -> {
            assertThat(group.getTotalByteSize()).as("uncompressed bytes").isLessThanOrEqualTo(MOST_BYTES);
            assertThat(group.getRowCount()).isLessThanOrEqualTo(MOST_ROWS);
        });
        return groups;
    }

    private static List<BlockMetaData> groups(Path file) throws IOException {
        ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new ZstdCodecs(ParquetFiles.LEVEL))
                .build();
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file), options)) {
            return reader.getFooter().getBlocks();
        }
    }

    private static String text(Random random, int letters) {
        StringBuilder text = new StringBuilder(letters);
        for (int letter = 0; letter < letters; letter++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }
}
