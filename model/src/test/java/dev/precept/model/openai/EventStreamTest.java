package dev.precept.model.openai;

import static dev.precept.model.openai.ScriptedCalls.failedCall;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.model.ModelCallException.Unavailable;
import dev.precept.model.ModelCallException.Unreadable;
import dev.precept.model.Reply.Answered;
import dev.precept.model.TokenUsage;
import dev.precept.model.openai.RequestEncoding.ResponseFormat;
import dev.precept.model.openai.RequestEncoding.TokenLimitField;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream of events is read like the completion that it streams, whether it was requested or not. */
class EventStreamTest {
    private static final String SSE = "Content-Type: text/event-stream; charset=utf-8\r\n";
    private static final String HEAD = """
            : keep-alive

            data: {"model":"served","choices":[{"index":0,"delta":{"role":"assistant","reasoning_content":"thou"}}]}

            data: {"model":"served","choices":[{"index":0,"delta":{"reasoning_content":"ght","content":null}}]}

            event: message
            data: {"model":"served","choices":[{"index":0,"delta":{"content":"ans"},"finish_reason":null}]}

            data: {"model":"served","choices":[{"index":1,"delta":{"content":"another choice"}}]}

            """;
    private static final String TAIL = """
            data: {"choices":[{"index":0,"delta":{"content":"wer"},"finish_reason":"stop"}]}

            data: {"choices":[],"usage":{"prompt_tokens":11,"completion_tokens":7}}

            data: [DONE]

            """;
    private static final Answered WHOLE =
            new Answered("stop", "thought", "answer", null, new TokenUsage(11, 7, 0), "served");

    @Test
    void anUnrequestedStreamIsReadLikeACompletion() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(200, SSE, HEAD + TAIL)) {
            assertThat(ScriptedCalls.call(server)).isEqualTo(WHOLE);
        }
        try (ScriptedServer server = ScriptedServer.answering(200, SSE, (HEAD + TAIL).replace("\n", "\r\n"))) {
            assertThat(ScriptedCalls.call(server)).isEqualTo(WHOLE);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a thinking model is served as a stream only",
                "This model only support stream mode, please enable the stream parameter to access the model.",
                "parameter.enable_thinking must be set to false for non-streaming calls"
            })
    void aServerThatOnlyStreamsIsAskedForAStream(String refusal) throws Exception {
        try (EncodingServer server = new EncodingServer(request -> {
                    if (!request.path("stream").booleanValue()) {
                        return EncodingServer.Answer.refusal(400, "{\"error\":{\"message\":\"" + refusal + "\"}}");
                    }
                    return request.has("stream_options")
                            ? EncodingServer.Answer.refusal(422, "{\"detail\":\"stream_options is not supported\"}")
                            : new EncodingServer.Answer(200, EventStream.MEDIA_TYPE, HEAD + TAIL);
                });
                OpenAiChatModel model = new OpenAiChatModel(new Endpoint(server.url(), null))) {
            assertThat(((Answered) model.complete(ScriptedCalls.request(Duration.ofSeconds(20)))).content())
                    .isEqualTo("answer");
            assertThat(server.requests()).hasSize(3);
        }
    }

    @Test
    void aConfiguredStreamAsksForItsUsage() throws Exception {
        RequestEncoding streamed =
                new RequestEncoding(TokenLimitField.MAX_TOKENS, ResponseFormat.JSON_SCHEMA, true, Set.of());
        try (EncodingServer server =
                        new EncodingServer(_ -> new EncodingServer.Answer(200, EventStream.MEDIA_TYPE, HEAD + TAIL));
                OpenAiChatModel model = new OpenAiChatModel(new Endpoint(server.url(), null), streamed)) {
            model.complete(ScriptedCalls.request(Duration.ofSeconds(20)));
            JsonNode sent = server.lastRequest();
            assertThat(sent.path("stream").booleanValue()).isTrue();
            assertThat(sent.at("/stream_options/include_usage").booleanValue()).isTrue();
        }
    }

    @Test
    void piecesOfAToolCallAreJoined() throws Exception {
        String stream = """
                data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"look","arguments":"{\\"q\\""}}]}}]}
                data: {"choices":[{"delta":{"tool_calls":[{"index":1,"id":"c2","type":"function","function":{"name":"ask","arguments":"{}"}}]}}]}
                data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]},"finish_reason":"tool_calls"}]}
                data: [DONE]
                """;
        try (ScriptedServer server = ScriptedServer.answering(200, SSE, stream)) {
            assertThat(((Answered) ScriptedCalls.call(server)).toolCallsJson())
                    .isEqualTo(
                            "[{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"look\",\"arguments\":\"{\\\"q\\\":1}\"}},"
                                    + "{\"id\":\"c2\",\"type\":\"function\",\"function\":{\"name\":\"ask\",\"arguments\":\"{}\"}}]");
        }
    }

    @Test
    void partsOfThinkingAreReasoning() throws Exception {
        String stream = """
                data: {"choices":[{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"thou"}]}]}}]}
                data: {"choices":[{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"ght"}]}]}}]}
                data: {"choices":[{"delta":{"content":"answer"},"finish_reason":"stop"}]}
                """;
        try (ScriptedServer server = ScriptedServer.answering(200, SSE, stream)) {
            assertThat(ScriptedCalls.call(server))
                    .isEqualTo(new Answered("stop", "thought", "answer", null, TokenUsage.UNKNOWN, "some-model"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "data: [DONE]\n",
                "data: {\"choices\":[{\"delta\":{\"content\":\"ans\"}}]}\n",
                "data: {\"choices\":[{\"delta\":{\"content\":\"ans\"}}]}\ndata: {\"error\":{\"message\":\"lost\"}}\n",
                "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"error\"}]}\ndata: [DONE]\n"
            })
    void aStreamThatEndsEarlyIsAnOutage(String stream) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(200, SSE, stream)) {
            assertThat(failedCall(server, Unavailable.class)).isNotNull();
        }
    }

    @Test
    void aBrokenEventIsUnreadable() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(200, SSE, HEAD + "data: {\"choices\":\n" + TAIL)) {
            assertThat(failedCall(server, Unreadable.class))
                    .hasMessageEndingWith("answered a stream with a broken event");
        }
    }

    @Test
    void aStreamMayBeFourTimesAsLongAsACompletion() throws Exception {
        String comment = ": " + "x".repeat(ScriptedCalls.BODY_LIMIT_BYTES) + "\n";
        try (ScriptedServer server = ScriptedServer.answering(200, SSE, comment + HEAD + TAIL)) {
            assertThat(ScriptedCalls.call(server)).isEqualTo(WHOLE);
        }
        try (ScriptedServer server = ScriptedServer.answering(200, SSE, comment.repeat(4) + HEAD + TAIL)) {
            assertThat(failedCall(server, Unreadable.class)).hasMessageContaining("more than");
        }
    }
}
