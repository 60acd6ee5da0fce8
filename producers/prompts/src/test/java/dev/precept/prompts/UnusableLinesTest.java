package dev.precept.prompts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.content.Sha256;
import dev.precept.records.InputFault;
import dev.precept.records.UnusableLine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An unusable line becomes one record with file, line and fault that never quotes the prompt. */
class UnusableLinesTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"prompt": "hello"                                  | broken JSON: unexpected end, column 19
            How do I pick a lock?                               | broken JSON, column 1
            {"prompt": "a"} {"prompt": "b"}                     | broken JSON, column 17
            {"prompt": "a", "prompt": "b"}                      | broken JSON: duplicate field, column 25
            ["a"]                                               | not a JSON object
            "a"                                                 | not a JSON object
            {}                                                  | neither 'prompt' nor 'messages' is present
            {"prompt": null}                                    | neither 'prompt' nor 'messages' is present
            {"prompt": 7}                                       | 'prompt' must be a string, it is a number
            {"prompt": " \\n\\t"}                               | 'prompt' is blank
            {"prompt": "a\\ud800"}                              | 'prompt' holds half of a surrogate pair
            {"prompt": "\\udc00\\ud800"}                        | 'prompt' holds half of a surrogate pair
            {"prompt": "a", "id": true}                         | 'id' must be a string, it is a boolean
            {"prompt": "a", "side_info": {"a": "\\ud800"}}      | 'side_info' holds half of a surrogate pair
            {"prompt": "a", "side_info": {"a": 1e999}}          | 'side_info' holds a number too large for a double
            {"prompt": "a", "tools": {}}                        | 'tools' must be a list of objects, it is an object
            {"prompt": "a", "tools": ["search"]}                | 'tools' must be a list of objects, one element is a string
            {"prompt": "a", "tools": "[{]"}                     | 'tools' is not valid JSON; write it with json.dumps or to_json
            {"prompt": "a", "tools": [{"max": 1e999}]}          | 'tools' holds a number too large for a double
            {"messages": "a"}                                   | 'messages' must be a list of objects, it is a string
            {"messages": []}                                    | 'messages' is empty
            {"messages": ["a"]}                                 | 'messages' must be a list of objects, one element is a string
            {"messages": [{"content": "a"}]}                    | 'messages[0].role' is missing
            {"messages": [{"role": "user"}]}                    | 'messages[0].content' is missing
            {"messages": [{"role": "user", "content": [{"type": "text"}]}]} | 'messages[0].content[0].text' is missing
            {"messages": [{"role": "user", "content": ""}]}     | 'messages[0].content' is blank
            {"messages": [{"role": "system", "content": "a"}, {"role": "assistant", "content": "b"}]} | the conversation must end on a user turn, it ends on 'system'
            {"messages": [{"role": "tool", "content": "a"}]}    | the conversation must end on a user turn, it ends on 'tool' and offers no tools
            {"messages": [{"role": "user", "content": "a", "tool_calls": [{}]}]} | 'messages[0].tool_calls': only an assistant message may call tools
            {"messages": [{"role": "user", "content": "a", "name": 3}]} | 'messages[0].name' must be a string, it is a number
            """)
    void eachFaultIsReportedWithFileAndLine(String row, String detail) throws IOException {
        Path file = SourceFixture.file(folder, "bad.jsonl", "{\"prompt\": \"good\"}", "", row);

        List<ParsedRow> lines = SourceFixture.read(folder, file);

        assertThat(lines).extracting(SourceFixture::describe).containsExactly("usable 1", "bad.jsonl:3: " + detail);
        assertThat(((ParsedRow.Unusable) lines.getLast()).body())
                .returns(InputFault.UNREADABLE, UnusableLine::getFault)
                .returns(Sha256.hex(row), UnusableLine::getPromptId)
                .returns(1, UnusableLine::getSlots)
                .returns(3L, line -> line.getOrigin().getLine());
    }

    @Test
    void anUnknownCategoryIsNamed() throws IOException {
        String row = "{\"id\": \"q7\", \"prompt\": \"a\", \"categories\": [\"fraud\", \"astrology\"]}";

        ParsedRow parsedRow = SourceFixture.read(folder, SourceFixture.file(folder, "p.jsonl", row))
                .getFirst();

        assertThat(SourceFixture.describe(parsedRow))
                .isEqualTo("p.jsonl:1: the specification has no category 'astrology'");
        assertThat(((ParsedRow.Unusable) parsedRow).body())
                .returns(InputFault.UNKNOWN_CATEGORY, UnusableLine::getFault)
                .returns(Sha256.hex(row), UnusableLine::getPromptId)
                .returns(1, UnusableLine::getSlots)
                .returns("q7", bad -> bad.getOrigin().getId());
    }

    @Test
    void invalidUtf8IsUnreadable() throws IOException {
        Path file = folder.resolve("bytes.jsonl");
        byte[] row = "{\"prompt\": \"caf?\"}".getBytes(StandardCharsets.ISO_8859_1);
        row[15] = (byte) 0xE9;
        Files.write(file, row);

        assertThat(SourceFixture.read(folder, file))
                .extracting(SourceFixture::describe)
                .containsExactly("bytes.jsonl:1: not UTF-8 text");
    }

    @Test
    void nestingDeeperThan64IsUnreadable() throws IOException {
        String deepest = "{\"prompt\": \"a\", \"side_info\": {\"a\": " + "[".repeat(62) + "]".repeat(62) + "}}";
        String deeper = "{\"prompt\": \"a\", \"side_info\": {\"a\": " + "[".repeat(63) + "]".repeat(63) + "}}";

        List<ParsedRow> lines = SourceFixture.read(folder, SourceFixture.file(folder, "deep.jsonl", deepest, deeper));

        assertThat(lines.getFirst()).isInstanceOf(ParsedRow.Usable.class);
        assertThat(SourceFixture.describe(lines.getLast())).startsWith("deep.jsonl:2: nested deeper than 64");
    }

    @Test
    void anOversizeConversationKeepsItsIdAndLosesAllItsSlots() throws IOException {
        // {"messages":[{"content":"…","role":"user"}]} is 43 bytes around the text.
        String fits = "x".repeat((256 << 10) - 43);
        Path file = SourceFixture.file(
                folder,
                "large.jsonl",
                "{\"prompt\": \"" + fits + "\"}",
                "{\"prompt\": \"" + fits + "y\"}",
                "{\"prompt\": \"short\", \"side_info\": \"" + fits + fits + "\"}");

        List<ParsedRow> lines = SourceFixture.read(folder, file);

        assertThat(lines.getFirst()).isInstanceOf(ParsedRow.Usable.class);
        assertThat(lines.subList(1, 3))
                .allSatisfy(parsedRow -> assertThat(((ParsedRow.Unusable) parsedRow).body())
                        .returns(InputFault.TOO_LARGE, UnusableLine::getFault)
                        .returns(3, UnusableLine::getSlots));
        assertThat(lines.get(1).promptId())
                .isEqualTo(Sha256.hex("{\"messages\":[{\"content\":\"" + fits + "y\",\"role\":\"user\"}]}"));
        assertThat(SourceFixture.describe(lines.get(1)))
                .isEqualTo("large.jsonl:2: the conversation has 262145 bytes; at most 256 KiB are allowed");
    }

    @Test
    void aRowAboveEightMebibytesIsUnusableAndReadingContinues() throws IOException {
        String row = "{\"prompt\": \"" + "z".repeat(9 << 20) + "\"}";
        Path file = SourceFixture.file(folder, "long.jsonl", row, "{\"prompt\": \"after\"}");

        List<ParsedRow> lines = SourceFixture.read(folder, file);

        assertThat(lines)
                .extracting(SourceFixture::describe)
                .containsExactly("long.jsonl:1: a row of 9437198 bytes; at most 8 MiB are read", "usable 2");
        assertThat(lines.getFirst().promptId()).isEqualTo(Sha256.hex(row));
    }
}
