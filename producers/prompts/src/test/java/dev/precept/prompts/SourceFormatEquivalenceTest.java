package dev.precept.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.precept.records.Origin;
import dev.precept.records.Prompt;
import dev.precept.spec.SpecFolder;
import dev.precept.spec.Specification;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A prompt has the same id and the same record in every format, except for its origin. */
class SourceFormatEquivalenceTest {
    private static final String ROWS = """
            {"id": "a1", "prompt": "One, \\"two\\",\\nthree; 漢字 — 😀\\r\\nfour", "categories": ["fraud", "privacy"], "source": "ours", "license": "MIT", "side_info": "{\\"k\\": 1}"}
            {"id": "a2", "prompt": " Just this|that ", "categories": ["privacy"]}
            {"id": "a3", "prompt": "nothing else"}
            {"id": "a4", "prompt": "tab\\there", "categories": [], "license": "CC0"}
            """;
    private static final String CONVERSATIONS = """
            {"id": 1, "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi, \\"you\\""}], "tools": "[{\\"type\\": \\"function\\", \\"n\\": 1.5}]"}
            {"id": 2, "messages": [{"role": "user", "content": "How is it noticed?"}], "tools": null}
            """;

    @TempDir
    Path folder;

    private Specification specification;
    private Path rows;
    private Path conversations;

    @BeforeEach
    void write() throws IOException {
        specification = SourceFixture.specification(folder);
        rows = Files.writeString(folder.resolve("rows.jsonl"), ROWS);
        conversations = Files.writeString(folder.resolve("conversations.jsonl"), CONVERSATIONS);
    }

    @Test
    void promptsAreTheSame() throws IOException {
        List<SpecificRecord> expected = records(rows, Map.of());
        String read = json(rows);
        String flat = "SELECT * REPLACE (to_json(categories) AS categories) FROM " + read;

        assertThat(expected).hasSize(4).allMatch(Prompt.class::isInstance);
        assertThat(records(DuckDb.write(folder.resolve("r.json"), "FROM " + read, "FORMAT json, ARRAY true"), Map.of()))
                .isEqualTo(expected);
        assertThat(records(DuckDb.write(folder.resolve("r.csv"), flat, "FORMAT csv, HEADER"), Map.of()))
                .isEqualTo(expected);
        assertThat(records(DuckDb.write(folder.resolve("r.tsv"), flat, "FORMAT csv, HEADER, DELIMITER '\t'"), Map.of()))
                .isEqualTo(expected);
        assertThat(records(DuckDb.write(folder.resolve("r.parquet"), "FROM " + read, "FORMAT parquet"), Map.of()))
                .isEqualTo(expected);
    }

    @Test
    void conversationsAreTheSame() throws IOException {
        List<SpecificRecord> expected = records(conversations, Map.of());
        String read = json(conversations);
        String flat = "SELECT * REPLACE (to_json(messages) AS messages) FROM " + read;

        assertThat(expected).hasSize(2).allMatch(Prompt.class::isInstance);
        assertThat(records(DuckDb.write(folder.resolve("t.json"), "FROM " + read, "FORMAT json, ARRAY true"), Map.of()))
                .isEqualTo(expected);
        assertThat(records(DuckDb.write(folder.resolve("t.csv"), flat, "FORMAT csv, HEADER"), Map.of()))
                .isEqualTo(expected);
        assertThat(records(DuckDb.write(folder.resolve("t.parquet"), "FROM " + read, "FORMAT parquet"), Map.of()))
                .as("a list of structs")
                .isEqualTo(expected);
        assertThat(records(DuckDb.write(folder.resolve("u.parquet"), flat, "FORMAT parquet"), Map.of()))
                .as("JSON as text")
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zstd", "snappy", "gzip", "lz4_raw", "uncompressed"})
    void aCodecChangesNothing(String codec) throws IOException {
        Path file =
                DuckDb.write(folder.resolve("c.parquet"), "FROM " + json(rows), "FORMAT parquet, COMPRESSION " + codec);

        assertThat(records(file, Map.of())).isEqualTo(records(rows, Map.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rows.jsonl", "rows.json", "rows.csv"})
    void gzipChangesNothing(String name) throws IOException {
        Path plain = folder.resolve(name);
        if (!name.endsWith(".jsonl")) {
            String flat = "SELECT * REPLACE (to_json(categories) AS categories) FROM " + json(rows);
            DuckDb.write(plain, flat, name.endsWith(".csv") ? "FORMAT csv, HEADER" : "FORMAT json, ARRAY true");
        }
        Path gzipped = folder.resolve(name + ".gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzipped))) {
            Files.copy(plain, out);
        }

        assertThat(SourceFixture.read(folder, gzipped)).hasSize(4);
        assertThat(records(gzipped, Map.of())).isEqualTo(records(plain, Map.of()));
    }

    @Test
    void recordedPromptsAreTheSameInEveryFormat() throws IOException {
        Path data = Path.of(System.getProperty("precept.root", "."), "..", "shared", "data");
        Path recorded = data.resolve("star-1-recorded.json");
        assumeTrue(Files.exists(recorded), "the recorded prompts are not here");
        specification = SpecFolder.load(data.resolve("model-spec"));
        Map<String, String> fields = Map.of("prompt", "question", "categories", "category");
        String read = "read_json(" + DuckDb.quoted(recorded) + ")";
        List<SpecificRecord> expected = records(recorded, fields);

        Path csv = DuckDb.write(
                folder.resolve("star.csv"),
                "SELECT * REPLACE (to_json(category) AS category, to_json(score) AS score) FROM " + read,
                "FORMAT csv, HEADER");
        Path piped = DuckDb.write(
                folder.resolve("piped.csv"),
                "SELECT * REPLACE (array_to_string(category, '|') AS category, '' AS score) FROM " + read,
                "FORMAT csv, HEADER");
        Path parquet = DuckDb.write(folder.resolve("star.parquet"), "FROM " + read, "FORMAT parquet, COMPRESSION zstd");

        assertThat(expected).hasSize(371).allMatch(Prompt.class::isInstance);
        assertThat(records(csv, fields)).isEqualTo(expected);
        assertThat(records(piped, fields)).isEqualTo(expected);
        assertThat(records(parquet, fields)).isEqualTo(expected);
    }

    private static String json(Path lines) {
        return "read_json(" + DuckDb.quoted(lines) + ", format = 'newline_delimited')";
    }

    /** The records of a file, without its name and their position in it. */
    private List<SpecificRecord> records(Path file, Map<String, String> fields) throws IOException {
        PromptSettings settings = SourceFixture.settings(fields, file);
        PromptSource source = SourceFixture.check(settings).getFirst();
        RowReader reader = new RowReader(source.name(), settings, specification, SourceFixture.PARAMETERS);
        List<SpecificRecord> records = new ArrayList<>();
        try (PromptReader lines = new PromptReader(source, reader)) {
            for (ParsedRow parsedRow = lines.next(); parsedRow != null; parsedRow = lines.next()) {
                if (parsedRow.body() instanceof Prompt prompt) {
                    assertThat(prompt.getOrigin().getFile()).isEqualTo(source.name());
                    prompt.setOrigin(new Origin("", prompt.getOrigin().getId(), 0L));
                }
                records.add(parsedRow.body());
            }
        }
        assertThat(records).hasSize((int) source.rows());
        return records;
    }
}
