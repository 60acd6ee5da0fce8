package dev.precept.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import dev.precept.records.Message;
import dev.precept.records.Prompt;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Columns are read as JSON; a bad row makes one unusable line, and an unsupported or damaged file is refused. */
class ParquetFilesTest {
    private static final String PROMPT_AND_CATEGORIES = """
            message rows {
              optional binary prompt (STRING);
              optional group categories (LIST) { repeated group list { optional binary element (STRING); } }
            }
            """;

    @TempDir
    Path folder;

    @Test
    void rowsAreCountedOverRowGroups() throws IOException {
        Path file = duck(
                "SELECT CASE WHEN i % 1000 = 7 THEN NULL ELSE 'p' || i END AS prompt, i AS n FROM range(5000) t(i)",
                "ROW_GROUP_SIZE 2048");

        List<ParsedRow> lines = SourceFixture.read(folder, file);

        assertThat(lines).hasSize(5000);
        assertThat(lines.stream().filter(ParsedRow.Unusable.class::isInstance))
                .extracting(SourceFixture::describe)
                .startsWith(
                        "p.parquet:row 8: neither 'prompt' nor 'messages' is present",
                        "p.parquet:row 1008: neither 'prompt' nor 'messages' is present")
                .hasSize(5);
        assertThat(((ParsedRow.Usable) lines.getLast()).body())
                .returns(5000L, prompt -> prompt.getOrigin().getLine())
                .returns("p4999", prompt -> prompt.getMessages().getFirst().getContent());
    }

    @Test
    void nestedColumnsBecomeNestedJson() throws IOException {
        Path file = duck("""
                SELECT 7::INTEGER AS id,
                  [{'role': 'user', 'content': 'u', 'tool_calls': NULL::STRUCT(id VARCHAR)[]},
                   {'role': 'assistant', 'content': NULL, 'tool_calls': [{'id': 'c1'}]},
                   {'role': 'tool', 'content': 't', 'tool_calls': []}] AS messages,
                  [{'type': 'function', 'strict': true, 'max': 1.5::DOUBLE}] AS tools,
                  {'a': 1, 'b': NULL::VARCHAR, 'c': [1, NULL, 3], 'd': MAP {'k': 'v'}} AS side_info,
                  'MIT' AS license, {'never': 'read'} AS rest
                """, "COMPRESSION snappy");
        List<String> ignored = new ArrayList<>();

        ParsedRow parsedRow =
                SourceFixture.read(folder, file, Map.of(), ignored::add).getFirst();

        Prompt prompt = ((ParsedRow.Usable) parsedRow).body();
        assertThat(prompt.getOrigin().getId()).isEqualTo("7");
        assertThat(prompt.getMessages()).extracting(Message::getRole).containsExactly("user", "assistant", "tool");
        assertThat(prompt.getMessages().get(1).getToolCalls()).isEqualTo("[{\"id\":\"c1\"}]");
        assertThat(prompt.getTools()).isEqualTo("[{\"type\":\"function\",\"strict\":true,\"max\":1.5}]");
        assertThat(prompt.getSideInfo()).isEqualTo("{\"a\":1,\"c\":[1,null,3],\"d\":{\"k\":\"v\"}}");
        assertThat(prompt.getLicense()).isEqualTo("MIT");
        assertThat(ignored).containsExactly("rest");
    }

    /** What pandas writes for a column that is None in every row. */
    @Test
    void aColumnOfNullsIsAbsentAtAnyDepth() throws IOException {
        Path file = ParquetFixture.file(folder.resolve("none.parquet"), """
                message none {
                  required binary prompt (STRING);
                  optional int32 source (UNKNOWN);
                  optional binary license (UNKNOWN);
                  optional group categories (LIST) { repeated group list { optional int32 element (UNKNOWN); } }
                  optional group side_info { optional int32 a (UNKNOWN); optional binary b (STRING); }
                }
                """, List.of(row -> {
            row.append("prompt", "a");
            row.addGroup("categories").addGroup("list");
            row.addGroup("side_info").append("b", "c");
        }));

        Prompt prompt = ((ParsedRow.Usable) SourceFixture.read(folder, file).getFirst()).body();

        assertThat(prompt.getSource()).isNull();
        assertThat(prompt.getLicense()).isNull();
        assertThat(prompt.getCategories()).isEmpty();
        assertThat(prompt.getSideInfo()).isEqualTo("{\"b\":\"c\"}");
    }

    @Test
    void listsOfOldWritersAreLists() throws IOException {
        Path file = ParquetFixture.file(folder.resolve("old.parquet"), """
                message old {
                  required binary prompt;
                  optional group categories (LIST) { repeated binary array (STRING); }
                  repeated group tools { required binary type (ENUM); }
                }
                """, List.of(row -> {
            row.append("prompt", "a");
            Group categories = row.addGroup("categories");
            categories.append("array", "fraud");
            categories.append("array", "privacy");
            row.addGroup("tools").append("type", "function");
        }));

        Prompt prompt = ((ParsedRow.Usable) SourceFixture.read(folder, file).getFirst()).body();

        assertThat(prompt.getCategories()).containsExactly("fraud", "privacy");
        assertThat(prompt.getTools()).isEqualTo("[{\"type\":\"function\"}]");
    }

    @Test
    void aBadRowMakesOneUnusableLine() throws IOException {
        Binary invalidUtf8 = Binary.fromConstantByteArray(new byte[] {'a', (byte) 0xC3});
        Binary invalidUtf8Too = Binary.fromConstantByteArray(new byte[] {'b', (byte) 0xC3});
        String huge = "z".repeat(9 << 20);
        List<Consumer<Group>> rows = List.of(
                row -> row.append("prompt", "one"),
                row -> row.append("prompt", invalidUtf8),
                row -> row.append("prompt", invalidUtf8Too),
                row -> row.append("prompt", huge),
                row -> row.append("prompt", "x").addGroup("categories").addGroup("list"),
                row -> {
                    Group categories = row.append("prompt", "many").addGroup("categories");
                    for (int i = 0; i < (1 << 20); i++) {
                        categories.addGroup("list").append("element", "");
                    }
                },
                row -> row.append("prompt", "last"));

        List<ParsedRow> lines = SourceFixture.read(
                folder, ParquetFixture.file(folder.resolve("bad.parquet"), PROMPT_AND_CATEGORIES, rows));

        assertThat(lines)
                .extracting(SourceFixture::describe)
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("usable 1"),
                        line -> assertThat(line).isEqualTo("bad.parquet:row 2: not UTF-8 text"),
                        line -> assertThat(line).isEqualTo("bad.parquet:row 3: not UTF-8 text"),
                        line -> assertThat(line)
                                .startsWith("bad.parquet:row 4: a row of 94")
                                .endsWith("at most 8 MiB are read"),
                        line -> assertThat(line).isEqualTo("usable 5"),
                        line -> assertThat(line).startsWith("bad.parquet:row 6: a row of "),
                        line -> assertThat(line).isEqualTo("usable 7"));
        assertThat(lines).extracting(ParsedRow::promptId).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
            'a' AS goal, 1 AS n            # :1: no column 'prompt' or 'messages'; the columns are 'goal', 'n'; name the prompt's column, as in prompts.fields: {prompt: goal}
            'a' AS prompt, TIME '10:00:00' AS id # : column 'id' is of type TIME(MICROS,false); supported are strings, numbers, booleans, dates, UUIDs, and lists and groups of them
            'a' AS prompt, {'x': 'b'::BLOB, 'y': INTERVAL 1 DAY} AS side_info # : column 'side_info.y' is of type INTERVAL; supported are strings, numbers, booleans, dates, UUIDs, and lists and groups of them
            'a' AS prompt WHERE false      # : empty; it has no prompt
            """)
    void missingAndUnsupportedColumnsAreRefused(String select, String problem) {
        refused(duck("SELECT " + select.strip(), "COMPRESSION zstd"), problem);
    }

    @Test
    void anEncryptedFileIsRefused() {
        Path file = folder.resolve("secret.parquet");
        DuckDb.run(
                "SET force_mbedtls_unsafe = 'true'", // the file is never decrypted
                "PRAGMA add_parquet_key('k', '0123456789112345')",
                "COPY (SELECT 'a' AS prompt) TO " + DuckDb.quoted(file)
                        + " (FORMAT parquet, ENCRYPTION_CONFIG {footer_key: 'k'})");

        refused(file, ": encrypted; write it without encryption");
    }

    @Test
    void anIncompleteParquetFileIsRefused() throws IOException {
        Path good = duck("SELECT 'p' || i AS prompt FROM range(3000) t(i)", "COMPRESSION zstd");
        byte[] bytes = Files.readAllBytes(good);
        Path cut = Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(bytes, bytes.length / 2));
        Path text = Files.writeString(folder.resolve("text.parquet"), "{\"prompt\": \"a\"}\n");
        Path none = Files.writeString(folder.resolve("none.parquet"), "");
        Path noFooter = Files.writeString(
                folder.resolve("footer.parquet"), "PAR1" + "x".repeat(40) + " \0\0\0PAR1", StandardCharsets.ISO_8859_1);

        refused(cut, ": not a complete Parquet file; download or write it again");
        refused(text, ": not a Parquet file");
        refused(none, ": not a Parquet file");
        refused(noFooter, ": its footer is damaged; download or write the file again");
    }

    @Test
    void aDamagedPageIsDetectedBeforeTheRunStarts() throws IOException {
        Path file = duck("SELECT 'p' || i AS prompt FROM range(3000) t(i)", "COMPRESSION zstd");
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.seek(200);
            out.write(new byte[200]);
        }

        assertThatThrownBy(() -> SourceFixture.check(SourceFixture.settings(Map.of(), file)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageMatching(
                        "p\\.parquet:row 1: its pages are damaged \\(.*\\); download or write the file again");
    }

    @Test
    void anyDamageIsReportedInOneLine() throws IOException {
        long seed = Long.getLong("precept.seed", System.nanoTime());
        System.out.println("precept.seed=" + seed);
        Random random = new Random(seed);
        byte[] good = Files.readAllBytes(
                duck("SELECT 'p' || i AS prompt, ['fraud'] AS categories FROM range(300) t(i)", "COMPRESSION snappy"));
        int refused = 0;
        for (int i = 0; i < 300; i++) {
            byte[] bad = good.clone();
            for (int hits = 1 + random.nextInt(4); hits > 0; hits--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            Path file = Files.write(folder.resolve("bad.parquet"), bad);
            try {
                SourceFixture.read(folder, file);
            } catch (ConfigurationException e) {
                assertThat(e.problems()).hasSize(1);
                assertThat(e.problems().getFirst()).startsWith("bad.parquet:").doesNotContain("Exception");
                refused++;
            }
        }
        System.out.println(refused + " of 300 damaged files were refused, the others read");
        assertThat(refused).isPositive();
    }

    private Path duck(String query, String options) {
        return DuckDb.write(folder.resolve("p.parquet"), query, "FORMAT parquet, " + options);
    }

    private static void refused(Path file, String problem) {
        assertThatThrownBy(() -> SourceFixture.check(SourceFixture.settings(Map.of(), file)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(file.getFileName() + problem);
    }
}
