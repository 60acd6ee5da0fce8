package dev.precept.dataset.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.dataset.NeutralRows;
import dev.precept.dataset.view.Projection;
import dev.precept.dataset.view.RowFormat;
import dev.precept.dataset.view.RowInput;
import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.avro.generic.IndexedRecord;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The files of a release have only types that every loader has a type for. */
final class LoadableColumnsTest {
    private static final RowFormat[] FORMATS = {RowFormat.PLAIN, RowFormat.JSON};

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private MessageType write(View view, RowFormat format) throws IOException {
        Path file = folder.resolve(view.label() + "-" + format.json() + ".parquet");
        Projection projection = view.projection(format);
        try (ShardWriter<IndexedRecord> writer =
                ParquetFiles.shardWriter(new LocalOutputFile(file), projection.schema(), projection.storage())) {
            for (int n = 0; n < 3; n++) {
                writer.write(
                        projection.row(new RowInput(NeutralRows.sample(n), NeutralRows.sample(9), Split.TRAIN, n)));
            }
        }
        try (ParquetFileReader reader = ParquetFileReader.open(
                new LocalInputFile(file),
                ParquetReadOptions.builder(new PlainParquetConfiguration()).build())) {
            return reader.getFileMetaData().getSchema();
        }
    }

    @ParameterizedTest
    @EnumSource(value = View.class, mode = EnumSource.Mode.EXCLUDE, names = "RL_GYM")
    void noColumnIsAMapOrAnEnumeration(View view) throws IOException {
        for (RowFormat format : FORMATS) {
            assertThat(write(view, format).toString())
                    .as(view + " " + format)
                    .doesNotContain("(MAP)", "(ENUM)", "key_value")
                    .contains("(LIST)");
        }
    }

    static Stream<Arguments> messages() {
        String plain = "required group %1$s (LIST) = N { repeated group list { required group element = N {"
                + " required binary role (STRING) = N; required binary content (STRING) = N;%2$s } } }";
        String json = "required group %1$s (LIST) = N { repeated group list { required binary element (JSON) = N; } }";
        return Stream.of(View.values())
                .flatMap(view -> view.messageColumns().stream().map(column -> {
                    String label = view.name().toLowerCase(Locale.ROOT);
                    String reasoning = label.contains("think")
                            ? ""
                            : " optional binary "
                                    + (label.contains("harmony") ? "thinking" : "reasoning_content")
                                    + " (STRING) = N;";
                    return Arguments.of(
                            view,
                            String.format(Locale.ROOT, plain, column, reasoning),
                            String.format(Locale.ROOT, json, column));
                }));
    }

    @ParameterizedTest
    @MethodSource
    void messages(View view, String structs, String texts) throws IOException {
        assertThat(normalized(write(view, RowFormat.PLAIN))).contains(structs).doesNotContain("(JSON)", " tools ");
        assertThat(normalized(write(view, RowFormat.JSON)))
                .contains(texts)
                .contains("optional group tools (LIST) = N { repeated group list {"
                        + " required binary element (JSON) = N; } }");
    }

    private static String normalized(MessageType schema) {
        return schema.toString().replaceAll("= \\d+", "= N").replaceAll("\\s+", " ");
    }

    @ParameterizedTest
    @EnumSource(value = View.class, mode = EnumSource.Mode.EXCLUDE, names = "RL_GYM")
    void aReaderOfRowsGetsWhatWasWritten(View view) throws IOException {
        for (RowFormat format : FORMATS) {
            write(view, format);
            Projection projection = view.projection(format);
            Path file = folder.resolve(view.label() + "-" + format.json() + ".parquet");
            try (RowReader reader = RowReader.openAt(file, 0)) {
                for (int n = 0; n < 3; n++) {
                    IndexedRecord row =
                            projection.row(new RowInput(NeutralRows.sample(n), NeutralRows.sample(9), Split.TRAIN, n));
                    assertThat(reader.next()).hasToString(row.toString());
                }
                assertThat(reader.next()).isNull();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = View.class, mode = EnumSource.Mode.EXCLUDE, names = "RL_GYM")
    void idsAreThoseOfTheTable(View view) throws IOException {
        List<String> lines = write(view, RowFormat.JSON)
                .toString()
                .lines()
                .filter(line -> line.contains("(JSON)"))
                .toList();
        assertThat(lines).allMatch(line -> line.matches(".*= \\d+;"));
    }
}
