package dev.precept.model.openai;

import static dev.precept.model.openai.ScriptedCalls.completion;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.model.ChatMessage;
import dev.precept.model.ChatRequest;
import dev.precept.model.MessageContent;
import dev.precept.model.PreEncodedText;
import dev.precept.model.Reply;
import dev.precept.model.ResponseSchema;
import dev.precept.model.Sampling;
import dev.precept.model.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A request holds exactly the parameters that are set, and the key only in its header. */
class RequestTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Secret KEY = new Secret("sk-0123456789\n");

    @Test
    void aMinimalRequestHoldsOnlyWhatIsSet() throws Exception {
        assertThat(sent(ScriptedCalls.request(Duration.ofSeconds(20)))).isEqualTo(JSON.readTree("""
                {"model": "some-model", "messages": [{"role": "user", "content": "How do I plant tomatoes?"}],
                 "max_tokens": 100, "seed": 7}"""));
    }

    @Test
    void aFullRequestUsesTheFieldsOfTheApi() throws Exception {
        JsonNode tools = JSON.readTree("[{\"type\":\"function\",\"function\":{\"name\":\"look\"}}]");
        JsonNode calls = JSON.readTree("[{\"id\":\"c1\",\"type\":\"function\"}]");
        ChatRequest request = new ChatRequest(
                "m",
                List.of(
                        ChatMessage.system("Be kind. 😀"),
                        new ChatMessage("assistant", null, "thought", calls, null, null),
                        new ChatMessage("tool", MessageContent.of("42"), null, null, "c1", "look")),
                tools,
                new Sampling(0.6, 0.95, "low", 5),
                new ResponseSchema("vote", JSON.readTree("{\"type\":\"object\"}")),
                -3,
                Duration.ofSeconds(20));

        assertThat(sent(request)).isEqualTo(JSON.readTree("""
                {"model": "m", "messages": [
                   {"role": "system", "content": "Be kind. 😀"},
                   {"role": "assistant", "content": null, "reasoning_content": "thought",
                    "tool_calls": [{"id": "c1", "type": "function"}]},
                   {"role": "tool", "content": "42", "tool_call_id": "c1", "name": "look"}],
                 "tools": [{"type": "function", "function": {"name": "look"}}],
                 "max_tokens": 5, "temperature": 0.6, "top_p": 0.95, "reasoning_effort": "low",
                 "response_format": {"type": "json_schema",
                   "json_schema": {"name": "vote", "strict": true, "schema": {"type": "object"}}},
                 "seed": -3}"""));
    }

    @Test
    void preEncodedTextIsWrittenLikeAnyOther() throws Exception {
        PreEncodedText shared =
                new PreEncodedText("A \"quoted\" clause,\nwith a tab\t, ünïcode, 😀 and a \\ in it. ".repeat(1_000));
        ChatRequest plain = ScriptedCalls.request(Duration.ofSeconds(20));
        ChatRequest request = new ChatRequest(
                plain.model(),
                List.of(ChatMessage.user(
                        MessageContent.of("Before \"it\"\n", shared, "between", shared, "\nafter 😀"))),
                null,
                plain.sampling(),
                null,
                7,
                plain.timeout());

        assertThat(sent(request).at("/messages/0/content").textValue())
                .isEqualTo("Before \"it\"\n" + shared + "between" + shared + "\nafter 😀");
    }

    @Test
    void extraFieldsAreAddedToTheOthers() throws Exception {
        String extra = "{\"chat_template_kwargs\":{\"thinking\":true},\"min_p\":0.05,\"top_k\":20}";
        ChatRequest plain = ScriptedCalls.request(Duration.ofSeconds(20));
        ChatRequest request = new ChatRequest(
                plain.model(),
                plain.messages(),
                null,
                new Sampling(null, null, null, 100, extra).withMaxTokens(200),
                null,
                7,
                plain.timeout());

        assertThat(sent(request)).isEqualTo(JSON.readTree("""
                {"model": "some-model", "messages": [{"role": "user", "content": "How do I plant tomatoes?"}],
                 "max_tokens": 200, "seed": 7, "chat_template_kwargs": {"thinking": true}, "min_p": 0.05,
                 "top_k": 20}"""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{\"temperature\":1}", "{\"stream\":true}", "{\"top_k\":1,\"n\":2}"})
    void anExtraFieldCannotBeAnOwnField(String extra) {
        assertThatThrownBy(() -> new Sampling(null, null, null, 1, extra)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void noCompressionIsRequested() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(completion("stop", "{\"content\":\"answer\"}"));
                OpenAiChatModel model = ScriptedCalls.model(server)) {
            model.complete(ScriptedCalls.request(Duration.ofSeconds(20)));
            assertThat(server.received().head()).doesNotContainIgnoringCase("Accept-Encoding");
        }
    }

    @Test
    void theKeyIsABearerTokenAndNeverPrinted() throws Exception {
        String echo = "{\"error\":{\"message\":\"not with " + KEY.reveal() + "\"}}";
        try (ScriptedServer server = ScriptedServer.answering(400, "Content-Type: application/json\r\n", echo)) {
            Endpoint endpoint = new Endpoint(server.url(), KEY);
            try (OpenAiChatModel model = new OpenAiChatModel(endpoint)) {
                Reply reply = model.complete(ScriptedCalls.request(Duration.ofSeconds(20)));
                assertThat(reply).isEqualTo(new Reply.RequestRefused(400, "not with ***"));
            }
            assertThat(server.received().head().lines()).contains("Authorization: Bearer sk-0123456789");
            assertThat(endpoint.toString()).contains("***").doesNotContain("sk-");
        }
    }

    @Test
    void trailingSlashesOfAUrlAreRemoved() throws Exception {
        assertThat(new Endpoint("http://127.0.0.1:8000/v1//", null))
                .isEqualTo(new Endpoint(" http://127.0.0.1:8000/v1", null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost:8000/v1", "ftp://host/v1", "http://", "http://a b/v1", "http://h/v1?key=1"})
    void anInvalidUrlIsRejected(String url) {
        assertThatThrownBy(() -> new Endpoint(url, null)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aHostWithAnUnderscoreIsExplained() {
        assertThatThrownBy(() -> new Endpoint("http://vllm_server:8000/v1", null))
                .hasMessage(
                        "the host of 'http://vllm_server:8000/v1' has an underscore, which a host name may not have;"
                                + " give the service a network alias without one");
    }

    @Test
    void theValuesOfHeadersAreNotPrinted() {
        Endpoint endpoint = new Endpoint(
                "http://host/v1", null, "api-key", Map.of("X-Key", "k-0123456789"), Map.of("code", "q-0123456789"));
        assertThat(endpoint.toString()).contains("X-Key").doesNotContain("0123456789");
        assertThat(endpoint.redact("you sent k-0123456789")).isEqualTo("you sent ***");
    }

    @Test
    void aKeyInAUrlIsRejectedAndNotQuoted() {
        assertThatThrownBy(() -> new Endpoint("http://me:sk-1@host/v1", null)).hasMessageNotContaining("sk-1");
    }

    @Test
    void anUnpairedSurrogateIsRejected() {
        assertThatThrownBy(() -> ChatMessage.user("\ud800")).isInstanceOf(IllegalArgumentException.class);
    }

    private static JsonNode sent(ChatRequest request) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(completion("stop", "{\"content\":\"answer\"}"));
                OpenAiChatModel model = ScriptedCalls.model(server)) {
            model.complete(request);
            ScriptedServer.Request received = server.received();
            assertThat(received.head()).startsWith("POST /v1/chat/completions HTTP/1.1");
            return JSON.readTree(received.body());
        }
    }
}
