package dev.precept.prompts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import dev.precept.records.InputFault;
import dev.precept.records.Prompt;
import dev.precept.records.UnusableLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Delimited files follow RFC 4180; a bad row makes one unusable line, and a file whose rows cannot be separated is refused. */
class DelimitedFilesTest {
    @TempDir
    Path folder;

    @Test
    void rowsAreNumberedByTheLineOnWhichTheyStart() throws IOException {
        Path file =
                csv("\uFEFFid,prompt\r\n,one\r\n\r\n,\"two\nlines, \"\"quoted\"\"\"\n,\r\n7,\"\n\"\nx,y,z\nx\n,last");

        assertThat(SourceFixture.read(folder, file))
                .extracting(SourceFixture::describe)
                .containsExactly(
                        "usable 2",
                        "usable 4",
                        "p.csv:6: neither 'prompt' nor 'messages' is present",
                        "p.csv:7: 'prompt' is blank",
                        "p.csv:9: 3 columns, the header has 2; quote cells that contain the separator",
                        "p.csv:10: 1 column, the header has 2",
                        "usable 11");
    }

    @Test
    void aCellThatIsNotUtf8MakesOnlyItsRowUnusable() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("prompt,note\ngood,\n\"caf".getBytes(StandardCharsets.UTF_8));
        bytes.write(0xE9);
        bytes.writeBytes("\",\ngut,süß\nok,".getBytes(StandardCharsets.UTF_8));
        bytes.write(0xC3);
        bytes.writeBytes("\nalso good,é\n".getBytes(StandardCharsets.UTF_8));
        Path file = Files.write(folder.resolve("bytes.csv"), bytes.toByteArray());

        List<ParsedRow> lines = SourceFixture.read(folder, file);

        assertThat(lines)
                .extracting(SourceFixture::describe)
                .containsExactly(
                        "usable 2",
                        "bytes.csv:3: not UTF-8 text",
                        "usable 4",
                        "bytes.csv:5: not UTF-8 text",
                        "usable 6");
        UnusableLine bad = ((ParsedRow.Unusable) lines.get(1)).body();
        assertThat(bad.getFault()).isEqualTo(InputFault.UNREADABLE);
        assertThat(bad.getOrigin().getLine()).isEqualTo(3L);
        assertThat(bad.getPromptId())
                .hasSize(64)
                .isNotEqualTo(((ParsedRow.Unusable) lines.get(3)).body().getPromptId());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
            fraud                          # fraud
            fraud|privacy                  # fraud,privacy
            fraud; privacy ;               # fraud,privacy
            "[""privacy"", ""fraud""]"     # privacy,fraud
            []                             #
            """)
    void categoriesMayBeSeparatedOrAJsonList(String cell, String expected) throws IOException {
        Prompt prompt = readPrompt("prompt,categories\na," + cell.strip() + "\n");

        assertThat(prompt.getCategories()).isEqualTo(expected == null ? List.of() : List.of(expected.split(",")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
            [fraud]              # 'categories' is not valid JSON; write it with json.dumps or to_json
            fraud|astrology      # the specification has no category 'astrology'
            """)
    void invalidCategoriesAreReported(String cell, String detail) throws IOException {
        assertThat(SourceFixture.read(folder, csv("prompt,categories\na," + cell.strip() + "\n")))
                .extracting(SourceFixture::describe)
                .containsExactly("p.csv:2: " + detail);
    }

    @Test
    void aMappedColumnIsReadAndTheFieldsOwnNameIsIgnored() throws IOException {
        List<String> ignored = new ArrayList<>();
        Path file = csv("question,prompt,,categories\nWhy?,x,y,fraud\n");

        ParsedRow parsedRow = SourceFixture.read(folder, file, Map.of("prompt", "question"), ignored::add)
                .getFirst();

        assertThat(((ParsedRow.Usable) parsedRow)
                        .body()
                        .getMessages()
                        .getFirst()
                        .getContent())
                .isEqualTo("Why?");
        assertThat(ignored).containsExactly("prompt");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
            text,category⏎a,b⏎        # :1: no column 'prompt' or 'messages'; the columns are 'text', 'category'; name the prompt's column, as in prompts.fields: {prompt: text}
            prompt;id⏎a;b⏎            # :1: no column 'prompt' or 'messages'; the columns are 'prompt;id'; if they are separated by semicolons, write the file with commas; name the prompt's column, as in prompts.fields: {prompt: FIELD}
            prompt,id,prompt⏎a,b,c⏎   # :1: two columns are named 'prompt'; rename one
            prompt,id⏎                # : empty; it has no prompt
            ⏎⏎                        # : empty; it has no prompt
            prompt,id⏎a,1⏎"b,2⏎c,3⏎   # :3: the row that starts here opens a quote and never closes it
            prompt,id⏎a,1⏎b,"2        # :3: the row that starts here opens a quote and never closes it
            prompt,id⏎a,1⏎"b"x,2⏎     # :3: the row that starts here has text after a closing quote; double quotes inside a cell
            """)
    void aFileWhoseRowsCannotBeSeparatedIsRefused(String text, String problem) throws IOException {
        refused(csv(text.strip().replace('⏎', '\n')), Map.of(), problem);
    }

    @Test
    void aColumnThatTheRecipeNamesMustExist() throws IOException {
        refused(
                csv("prompt,id\na,b\n"),
                Map.of("categories", "topic"),
                ":1: no column 'topic', which prompts.fields names for categories; the columns are 'prompt', 'id'");
    }

    @Test
    void anotherEncodingIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("p.csv"), "\uFEFFprompt\na\n", StandardCharsets.UTF_16LE);
        refused(file, Map.of(), ":1: not UTF-8 text; save the file as UTF-8");
        byte[] latin = "prompt,caf\u00E9\na,b\n".getBytes(StandardCharsets.ISO_8859_1);
        refused(Files.write(folder.resolve("l.csv"), latin), Map.of(), ":1: the header is not UTF-8 text");
    }

    @Test
    void anUnclosedQuoteDoesNotExhaustTheHeap() throws IOException {
        Path file = csv("prompt\nfine\n\"" + "z,z\n".repeat(10 << 20));

        refused(
                file,
                Map.of(),
                ":3: the row that starts here has more than 8 MiB or 4096 columns; close its quotes, or remove it");
    }

    @Test
    void anOversizePromptIsOneUnusableRow() throws IOException {
        Path file = csv("prompt\n" + "z".repeat(300 << 10) + "\nfine\n");

        assertThat(SourceFixture.read(folder, file))
                .extracting(SourceFixture::describe)
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("p.csv:2: the conversation has 307243 bytes"),
                        line -> assertThat(line).isEqualTo("usable 3"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"p.csv", "p.tsv"})
    void anyTextSurvivesQuoting(String name) throws IOException {
        long seed = Long.getLong("precept.seed", System.nanoTime());
        System.out.println("precept.seed=" + seed);
        Random random = new Random(seed);
        String letters = "ab\",;|\t\n\r\\'é漢 ";
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            texts.add("p"
                    + random.ints(random.nextInt(40), 0, letters.length())
                            .mapToObj(at -> letters.substring(at, at + 1))
                            .collect(Collectors.joining()));
        }
        String separator = name.endsWith(".csv") ? "," : "\t";
        String rows = texts.stream()
                .map(text -> "x" + separator + '"' + text.replace("\"", "\"\"") + '"' + separator)
                .collect(Collectors.joining("\r\n"));
        Path file = Files.writeString(
                folder.resolve(name), String.join(separator, "note", "prompt", "license") + "\r\n" + rows);

        assertThat(SourceFixture.read(folder, file))
                .extracting(parsedRow -> ((ParsedRow.Usable) parsedRow)
                        .body()
                        .getMessages()
                        .getFirst()
                        .getContent())
                .isEqualTo(texts);
    }

    private Path csv(String text) throws IOException {
        return Files.writeString(folder.resolve("p.csv"), text);
    }

    private Prompt readPrompt(String text) throws IOException {
        return ((ParsedRow.Usable) SourceFixture.read(folder, csv(text)).getFirst()).body();
    }

    private static void refused(Path file, Map<String, String> fields, String problem) {
        assertThatThrownBy(() -> SourceFixture.check(SourceFixture.settings(fields, file)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(file.getFileName() + problem);
    }
}
