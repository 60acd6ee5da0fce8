package dev.precept.prompts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows are split correctly with any white space, byte order marks, line ends and brackets around and inside them. */
class RowBoundariesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void anArrayAndItsElementsAsLinesAreTheSamePrompts() throws IOException {
        long seed = Long.getLong("precept.seed", System.nanoTime());
        System.out.println("precept.seed=" + seed);
        ArrayNode rows = rows(new Random(seed), 400);
        Path lines = Files.writeString(
                folder.resolve("p.jsonl"),
                String.join(
                        "\n",
                        IntStream.range(0, 400)
                                .mapToObj(i -> rows.get(i).toString())
                                .toList()));
        Path compact = Files.writeString(folder.resolve("compact.json"), rows.toString());
        Path pretty = Files.writeString(
                folder.resolve("pretty.json"),
                JSON.copy().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(rows));

        List<String> ids = ids(lines);

        assertThat(ids).hasSize(400);
        assertThat(ids(compact)).isEqualTo(ids);
        assertThat(ids(pretty)).isEqualTo(ids);
    }

    @Test
    void byteOrderMarksLineEndsAndBlankLinesAreNotPartOfARow() throws IOException {
        Path plain = Files.writeString(
                folder.resolve("plain.jsonl"), "{\"prompt\":\"a\"}\n{\"prompt\":\n{\"prompt\":\"b\"}");
        Path decorated = Files.writeString(
                folder.resolve("decorated.jsonl"),
                "\uFEFF\r\n{\"prompt\":\"a\"}\r\n \t\r\n{\"prompt\":\r\n\n{\"prompt\":\"b\"}\r\n");

        assertThat(ids(decorated)).isEqualTo(ids(plain)).hasSize(3);
        assertThat(SourceFixture.read(folder, decorated))
                .extracting(parsedRow -> switch (parsedRow) {
                    case ParsedRow.Usable usable -> usable.body().getOrigin().getLine();
                    case ParsedRow.Unusable bad -> bad.body().getOrigin().getLine();
                })
                .containsExactly(2L, 4L, 6L);
    }

    @Test
    void aBadElementIsNamedByItsLineAndItsIndex() throws IOException {
        Path file = Files.writeString(
                folder.resolve("p.json"),
                "\uFEFF[\n{\"prompt\": \"a\"},\n{\"prompt\": \"]},\\\"[\", \"id\":9},\n  17, {\n}\n]\n");

        assertThat(SourceFixture.read(folder, file))
                .extracting(SourceFixture::describe)
                .containsExactly(
                        "usable 1",
                        "usable 9",
                        "p.json:4: element 3: not a JSON object",
                        "p.json:4: element 4: neither 'prompt' nor 'messages' is present");
    }

    @Test
    void anElementThatIsTooLongOrTooDeepIsOneUnusableRow() throws IOException {
        Path file = Files.writeString(
                folder.resolve("p.json"),
                "[{\"prompt\": \"" + "z".repeat(30 << 20) + "\"}, {\"a\": " + "[".repeat(5000) + "]".repeat(5000)
                        + "}, {\"prompt\": \"after\"}]");

        assertThat(SourceFixture.read(folder, file))
                .extracting(SourceFixture::describe)
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("p.json:1: element 1: a row of 31457294 bytes"),
                        line -> assertThat(line).startsWith("p.json:1: element 2: nested deeper than 64"),
                        line -> assertThat(line).isEqualTo("usable 3"));
    }

    private List<String> ids(Path file) throws IOException {
        return SourceFixture.read(folder, file).stream()
                .map(ParsedRow::promptId)
                .toList();
    }

    private static ArrayNode rows(Random random, int count) {
        String alphabet = "ab \"\\[]{},:\n\t\u0001é漢😀";
        ArrayNode rows = JSON.createArrayNode();
        for (int i = 0; i < count; i++) {
            ObjectNode row = rows.addObject();
            StringBuilder text = new StringBuilder("p");
            int[] letters = random.ints(
                            random.nextInt(200), 0, (int) alphabet.codePoints().count())
                    .toArray();
            for (int letter : letters) {
                text.appendCodePoint(alphabet.codePointAt(alphabet.offsetByCodePoints(0, letter)));
            }
            row.put("prompt", text.toString());
            row.putObject("side_info").putArray("a]").add(text.toString());
        }
        return rows;
    }
}
