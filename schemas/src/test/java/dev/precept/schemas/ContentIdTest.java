package dev.precept.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.content.Sha256;
import dev.precept.records.Completion;
import dev.precept.records.Message;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ContentIdTest {
    private static final String TOOLS = "[{\"type\":\"function\",\"function\":{\"name\":\"look\",\"limit\":2}}]";
    private static final List<Message> MESSAGES = List.of(message("user", "How do clouds form?"));

    private static Message message(String role, String content) {
        return Message.newBuilder().setRole(role).setContent(content).build();
    }

    @Test
    void aPromptIdIsTheSha256OfTheCanonicalConversation() {
        assertThat(ContentId.ofPrompt(MESSAGES, null))
                .isEqualTo(Sha256.hex("{\"messages\":[{\"content\":\"How do clouds form?\",\"role\":\"user\"}]}"))
                .matches("[0-9a-f]{64}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                TOOLS,
                "[ {\"type\" : \"function\",\n \"function\" : {\"name\":\"look\", \"limit\": 2} } ]",
                "[{\"function\":{\"limit\":2,\"name\":\"look\"},\"type\":\"function\"}]",
                "[{\"function\":{\"limit\":2.0,\"name\":\"l\\u006fok\"},\"type\":\"function\"}]"
            })
    void layoutAndMemberOrderOfToolsDoNotMatter(String tools) {
        assertThat(ContentId.ofPrompt(MESSAGES, tools)).isEqualTo(ContentId.ofPrompt(MESSAGES, TOOLS));
    }

    /** A prompt's JSON is checked before; a sample's tool calls are the model's. */
    @ParameterizedTest
    @ValueSource(strings = {"[{\"x\":1e999}]", "not JSON", "", "[[", "[{\"x\":-1e400}]"})
    void aSampleHasAHashWhateverItsToolCallsHold(String toolCalls) {
        Message turn = Message.newBuilder()
                .setRole("assistant")
                .setToolCalls(toolCalls)
                .build();
        assertThat(ContentId.hasCanonicalForm(toolCalls)).isFalse();
        assertThat(ContentId.ofSample(List.of(turn), null))
                .isEqualTo(ContentId.ofSample(List.of(turn), null))
                .matches("[0-9a-f]{64}");
        assertThatThrownBy(() -> ContentId.ofPrompt(List.of(turn), null)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSampleIsHashedLikeItsConversation() {
        Message turn =
                Message.newBuilder().setRole("assistant").setToolCalls(TOOLS).build();
        assertThat(ContentId.hasCanonicalForm(TOOLS)).isTrue();
        assertThat(ContentId.ofSample(List.of(turn), TOOLS)).isEqualTo(ContentId.ofPrompt(List.of(turn), TOOLS));
    }

    @Test
    void theContentOfToolsMatters() {
        assertThat(List.of(
                        ContentId.ofPrompt(MESSAGES, null),
                        ContentId.ofPrompt(MESSAGES, "[]"),
                        ContentId.ofPrompt(MESSAGES, TOOLS),
                        ContentId.ofPrompt(MESSAGES, TOOLS.replace("look", "Look"))))
                .doesNotHaveDuplicates();
    }

    @Test
    void everyCharacterRoleAndMessageMatters() {
        assertThat(List.of(
                        ContentId.ofPrompt(MESSAGES, null),
                        ContentId.ofPrompt(List.of(message("user", "How do clouds form? ")), null),
                        ContentId.ofPrompt(List.of(message("user", "how do clouds form?")), null),
                        ContentId.ofPrompt(List.of(message("system", "How do clouds form?")), null),
                        ContentId.ofPrompt(List.of(message("user", "How do clouds"), message("user", " form?")), null),
                        ContentId.ofPrompt(List.of(message("user", "caf\u00e9")), null),
                        ContentId.ofPrompt(List.of(message("user", "cafe\u0301")), null)))
                .doesNotHaveDuplicates();
    }

    @Test
    void toolCallsAreComparedAsJson() {
        Message.Builder turn = Message.newBuilder().setRole("assistant");
        String id = ContentId.ofPrompt(
                List.of(turn.setToolCalls("[{\"id\":\"1\",\"type\":\"function\"}]")
                        .build()),
                null);
        assertThat(ContentId.ofPrompt(
                        List.of(turn.setToolCalls("[ {\"type\":\"function\", \"id\":\"1\"} ]")
                                .build()),
                        null))
                .isEqualTo(id);
        assertThat(ContentId.ofPrompt(
                        List.of(turn.setToolCalls("[{\"id\":\"2\",\"type\":\"function\"}]")
                                .build()),
                        null))
                .isNotEqualTo(id);
    }

    @Test
    void invalidToolsAreRejected() {
        assertThatThrownBy(() -> ContentId.ofPrompt(MESSAGES, "[{"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not JSON");
    }

    @Test
    void aCompletionsHashDependsOnItsTextAndNotOnItsCitations() {
        Completion.Builder completion = Completion.newBuilder()
                .setFinishReason("stop")
                .setReasoning("Warm air rises.")
                .setAnswer("They form when air cools.")
                .setCitedClauses(List.of("weather-K1"));
        String id = ContentId.ofCompletion(completion.build());
        assertThat(ContentId.ofCompletion(completion.setCitedClauses(List.of()).build()))
                .isEqualTo(id);
        assertThat(ContentId.ofCompletion(completion.setAnswer("They just do.").build()))
                .isNotEqualTo(id);
        assertThat(ContentId.ofCompletion(completion.setReasoning(null).build()))
                .isNotEqualTo(id);
    }
}
