package dev.precept.dataset.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.dataset.DuckDb;
import dev.precept.dataset.NeutralRows;
import dev.precept.records.Message;
import dev.precept.records.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of a commit has each text once, and gives back the very same samples. */
final class StoredSampleTest {
    @TempDir
    private Path folder;

    private static Sample sample(
            int n, String reasoning, String answer, @Nullable String reasoningContent, @Nullable String content) {
        Sample sample = NeutralRows.sample(n);
        List<Message> messages = new ArrayList<>(sample.getMessages());
        messages.set(
                messages.size() - 1,
                new Message(
                        "assistant", content, reasoningContent, n % 2 == 0 ? "[{\"id\":\"c\"}]" : null, null, null));
        return Sample.newBuilder(sample)
                .setReasoning(reasoning)
                .setAnswer(answer)
                .setMessages(messages)
                .build();
    }

    private static List<Sample> samples() {
        List<Sample> samples = new ArrayList<>(List.of(
                sample(0, "because", "so", "because", "so"),
                sample(1, "because", "so", "because", "so"),
                sample(2, "", "so", null, "so"),
                sample(3, "", "so", "", "so"),
                sample(4, " because\n", "\tso ", "because", "so"),
                sample(5, "because", "so", " because", "so "),
                sample(6, "because", "", "because", null),
                sample(7, "because", "", "because", ""),
                sample(
                        8,
                        "a\r\n\u0000\u2028b",
                        "caf\u00e9 \ud83d\ude00",
                        "a\r\n\u0000\u2028b",
                        "cafe\u0301 \ud83d\ude00"),
                sample(9, "other", "other", "so", "because"),
                sample(10, "same", "same", "same", "same")));
        samples.add(
                Sample.newBuilder(NeutralRows.sample(11)).setMessages(List.of()).build());
        samples.add(Sample.newBuilder(NeutralRows.sample(12))
                .setMessages(List.of(NeutralRows.sample(12).getMessages().getFirst()))
                .build());
        return samples;
    }

    @Test
    void samplesAreReadBackUnchanged() throws IOException {
        List<Sample> samples = samples();
        Path file = folder.resolve("a.parquet");
        try (ParquetWriter<Sample> writer = ParquetFiles.quickWriter(file, Sample.getClassSchema())) {
            for (Sample sample : samples) {
                writer.write(sample);
            }
        }
        assertThat(samples).as("writing changes no sample").isEqualTo(samples());
        assertThat(read(file))
                .isEqualTo(samples)
                .map(Sample::toString)
                .isEqualTo(samples.stream().map(Sample::toString).toList());
        for (int n = 0; n < samples.size(); n++) {
            assertThat(read(file).get(n).toByteBuffer())
                    .isEqualTo(samples.get(n).toByteBuffer());
        }
        assertThat(DuckDb.one(
                        "SELECT count(*) FILTER (content_is_answer), count(*) FILTER (reasoning_content_is_reasoning),"
                                + " count(*) FILTER (content_is_answer AND messages[-1].content IS NOT NULL) FROM '"
                                + file + "'"))
                .containsExactly("6", "7", "0");
        assertThat(DuckDb.one("SELECT reasoning, answer FROM '" + file + "' LIMIT 1"))
                .as("the columns stay")
                .containsExactly("because", "so");
    }

    @Test
    void aFileWithTextsTwiceIsRead() throws IOException {
        Path file = folder.resolve("old.parquet");
        PlainParquetConfiguration settings = new PlainParquetConfiguration();
        settings.setBoolean("parquet.avro.write-old-list-structure", false);
        try (ParquetWriter<Sample> writer = AvroParquetWriter.<Sample>builder(new LocalOutputFile(file))
                .withSchema(Sample.getClassSchema())
                .withDataModel(StoredSample.MODEL)
                .withConf(settings)
                .withCodecFactory(new ZstdCodecs(1))
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .build()) {
            for (Sample sample : samples()) {
                writer.write(sample);
            }
        }
        assertThat(read(file)).isEqualTo(samples());
    }

    @Test
    void textsTakeHalfTheBytes() throws IOException {
        Random random = new Random(3);
        Path once = folder.resolve("once.parquet");
        Path twice = folder.resolve("twice.parquet");
        try (ParquetWriter<Sample> writer = ParquetFiles.quickWriter(once, Sample.getClassSchema());
                ParquetWriter<Sample> other = ParquetFiles.quickWriter(twice, Sample.getClassSchema())) {
            for (int n = 0; n < 200; n++) {
                String text = random.ints(3_000, 'a', 'z')
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
                writer.write(sample(n, text, "so", text, "so"));
                other.write(sample(n, text, "so", text + ".", "so"));
            }
        }
        assertThat(Files.size(once)).isLessThan(Files.size(twice) * 6 / 10);
    }

    private static List<Sample> read(Path file) throws IOException {
        List<Sample> samples = new ArrayList<>();
        try (ParquetReader<Sample> reader = ParquetFiles.reader(file, Sample.class)) {
            for (Sample sample = reader.read(); sample != null; sample = reader.read()) {
                samples.add(sample);
            }
        }
        return samples;
    }
}
