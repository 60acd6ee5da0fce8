package dev.precept.prompts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.Message;
import dev.precept.records.Origin;
import dev.precept.records.Prompt;
import dev.precept.schemas.ContentId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A row becomes a prompt with the row's fields, under the id of its conversation. */
class PromptReaderTest {
    @TempDir
    Path folder;

    @Test
    void aPromptBecomesOneUserMessage() throws IOException {
        Prompt prompt =
                only("{\"prompt\": \" Hi \\ud83d\\ude00\\n\", \"id\": 68, \"source\": \"ours\", \"license\": \"MIT\"}");

        assertThat(prompt.getMessages()).containsExactly(user(" Hi 😀\n"));
        assertThat(prompt.getPromptId()).isEqualTo(ContentId.ofPrompt(List.of(user(" Hi 😀\n")), null));
        assertThat(prompt.getOrigin()).isEqualTo(new Origin("p.jsonl", "68", 1L));
        assertThat(prompt.getSource()).isEqualTo("ours");
        assertThat(prompt.getLicense()).isEqualTo("MIT");
        assertThat(prompt.getRunParameters()).isEqualTo(SourceFixture.PARAMETERS);
    }

    @Test
    void aConversationKeepsItsMessagesAndTools() throws IOException {
        Prompt prompt = only("""
                {"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "u", "name": "Ann"},
                {"role": "assistant", "content": null, "tool_calls": [{"id": "c1", "n": 1.50}], "reasoning_content": "r"},
                {"role": "tool", "content": "t", "tool_call_id": "c1"}], "tools": [{"type": "function", "a": {"b": []}}]}
                """.replace("\n", ""));

        assertThat(prompt.getMessages())
                .extracting(Message::getRole)
                .containsExactly("system", "user", "assistant", "tool");
        Message calling = prompt.getMessages().get(2);
        assertThat(calling.getContent()).isNull();
        assertThat(calling.getToolCalls()).isEqualTo("[{\"id\":\"c1\",\"n\":1.5}]");
        assertThat(calling.getReasoningContent()).isEqualTo("r");
        assertThat(prompt.getMessages().get(1).getName()).isEqualTo("Ann");
        assertThat(prompt.getMessages().get(3).getToolCallId()).isEqualTo("c1");
        assertThat(prompt.getTools()).isEqualTo("[{\"type\":\"function\",\"a\":{\"b\":[]}}]");
        assertThat(prompt.getPromptId()).isEqualTo(ContentId.ofPrompt(prompt.getMessages(), prompt.getTools()));
    }

    @Test
    void anEmptyListOfToolsEqualsNoTools() throws IOException {
        assertThat(only("{\"prompt\": \"a\", \"tools\": []}").getPromptId())
                .isEqualTo(only("{\"prompt\": \"a\"}").getPromptId());
    }

    @Test
    void categoriesAffectTheExcerptAndNotTheId() throws IOException {
        Prompt none = only("{\"prompt\": \"a\"}");
        Prompt one = only("{\"prompt\": \"a\", \"categories\": \"fraud\"}");
        Prompt two = only("{\"prompt\": \"a\", \"categories\": [\"privacy\", \"fraud\", \"privacy\"]}");

        assertThat(none.getCategories()).isEmpty();
        assertThat(one.getCategories()).containsExactly("fraud");
        assertThat(two.getCategories()).containsExactly("privacy", "fraud");
        assertThat(List.of(one.getPromptId(), two.getPromptId())).containsOnly(none.getPromptId());
        var specification = SourceFixture.specification(folder);
        assertThat(two.getSpecVersion()).isEqualTo(specification.version());
        assertThat(two.getSpecExcerptSha256())
                .isEqualTo(specification.excerpt(List.of("privacy", "fraud")).sha256());
        assertThat(none.getSpecExcerptSha256())
                .as("the whole of a short specification")
                .isEqualTo(specification.excerpt(specification.categories()).sha256())
                .isNotEqualTo(one.getSpecExcerptSha256());
    }

    @Test
    void sideInformationMayBeAnObject() throws IOException {
        assertThat(only("{\"prompt\": \"a\", \"side_info\": \"b\"}").getSideInfo())
                .isEqualTo("b");
        assertThat(only("{\"prompt\": \"a\", \"side_info\": { \"k\": [1, true] }}")
                        .getSideInfo())
                .isEqualTo("{\"k\":[1,true]}");
    }

    @Test
    void fieldsMayHaveOtherNamesInTheFile() throws IOException {
        Path file = SourceFixture.file(
                folder,
                "p.jsonl",
                "{\"question\": \"q\", \"prompt\": \"ignored\", \"kind\": [\"fraud\"], \"uid\": \"u1\"}");
        List<String> ignored = new ArrayList<>();

        List<ParsedRow> lines = SourceFixture.read(
                folder, file, Map.of("prompt", "question", "categories", "kind", "id", "uid"), ignored::add);

        Prompt prompt = ((ParsedRow.Usable) lines.getFirst()).body();
        assertThat(prompt.getMessages()).containsExactly(user("q"));
        assertThat(prompt.getCategories()).containsExactly("fraud");
        assertThat(prompt.getOrigin().getId()).isEqualTo("u1");
        assertThat(ignored).containsExactly("prompt");
    }

    @Test
    void aNameMappedToAnotherFieldNoLongerNamesItsOwn() throws IOException {
        Path file = SourceFixture.file(folder, "p.jsonl", "{\"messages\": \"one text\", \"source\": 7}");

        List<ParsedRow> lines =
                SourceFixture.read(folder, file, Map.of("prompt", "messages", "id", "source"), field -> {});

        Prompt prompt = ((ParsedRow.Usable) lines.getFirst()).body();
        assertThat(prompt.getMessages()).containsExactly(user("one text"));
        assertThat(prompt.getOrigin().getId()).isEqualTo("7");
        assertThat(prompt.getSource()).isNull();
    }

    @Test
    void unknownFieldsAreIgnoredAndNamed() throws IOException {
        Path file = SourceFixture.file(
                folder,
                "p.jsonl",
                "{\"prompt\": \"a\", \"score\": 1, \"response\": {}}",
                "{\"prompt\": \"b\", \"score\": 2}",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"c\", \"weight\": 0}]}");
        Set<String> ignored = new LinkedHashSet<>();

        List<ParsedRow> lines = SourceFixture.read(folder, file, Map.of(), ignored::add);

        assertThat(lines).hasOnlyElementsOfType(ParsedRow.Usable.class);
        assertThat(ignored).containsExactly("score", "response", "messages[].weight");
    }

    @Test
    void aRepeatedIdOfAnotherConversationIsAnotherPrompt() throws IOException {
        Path file = SourceFixture.file(
                folder, "p.jsonl", "{\"prompt\": \"a\", \"id\": 1}", "{\"prompt\": \"b\", \"id\": \"1\"}");

        List<ParsedRow> lines = SourceFixture.read(folder, file);

        assertThat(lines).extracting(SourceFixture::describe).containsExactly("usable 1", "usable 1");
        assertThat(lines.getFirst().promptId()).isNotEqualTo(lines.getLast().promptId());
    }

    private Prompt only(String row) throws IOException {
        List<ParsedRow> lines = SourceFixture.read(folder, SourceFixture.file(folder, "p.jsonl", row));
        assertThat(lines).singleElement().isInstanceOf(ParsedRow.Usable.class);
        return ((ParsedRow.Usable) lines.getFirst()).body();
    }

    private static Message user(String text) {
        return Message.newBuilder().setRole("user").setContent(text).build();
    }
}
