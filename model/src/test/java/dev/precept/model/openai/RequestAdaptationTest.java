package dev.precept.model.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.model.ChatMessage;
import dev.precept.model.ChatRequest;
import dev.precept.model.Reply;
import dev.precept.model.ResponseSchema;
import dev.precept.model.Sampling;
import dev.precept.model.Secret;
import dev.precept.model.openai.RequestEncoding.ResponseFormat;
import dev.precept.model.openai.RequestEncoding.TokenLimitField;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A field that a server refuses is sent otherwise, within the same call; a value that it refuses is not. */
class RequestAdaptationTest {
    private static final String GOOD = ScriptedCalls.completion("stop", "{\"content\":\"answer\"}");
    private static final ObjectMapper JSON = new ObjectMapper();

    private static ChatRequest request(boolean schema) throws Exception {
        return new ChatRequest(
                "m",
                List.of(ChatMessage.user("Hello")),
                null,
                new Sampling(0.5, 0.9, null, 100),
                schema
                        ? new ResponseSchema(
                                "vote",
                                JSON.readTree("{\"type\":\"object\",\"properties\":{\"score\":{\"type\":\"integer\","
                                        + "\"minimum\":0,\"maximum\":10}}}"))
                        : null,
                7,
                Duration.ofSeconds(20));
    }

    private static EncodingServer refusing(Predicate<JsonNode> refused, int status, String body) throws Exception {
        return new EncodingServer(request ->
                refused.test(request) ? EncodingServer.Answer.refusal(status, body) : EncodingServer.Answer.good(GOOD));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"Unsupported parameter: 'max_tokens' is not supported with this model. Use"
                        + " 'max_completion_tokens' instead.\",\"type\":\"invalid_request_error\",\"param\":\"max_tokens\","
                        + "\"code\":\"unsupported_parameter\"}}",
                "{\"error\":{\"message\":\"this model takes no max_tokens; send max_completion_tokens\"}}"
            })
    void theTokenLimitIsRenamedAndNeverDropped(String refusal) throws Exception {
        try (EncodingServer server = refusing(sent -> sent.has("max_tokens"), 400, refusal);
                OpenAiChatModel model = new OpenAiChatModel(new Endpoint(server.url(), null))) {
            assertThat(model.complete(request(false))).isInstanceOf(Reply.Answered.class);
            assertThat(server.lastRequest().path("max_completion_tokens").intValue())
                    .isEqualTo(100);

            model.complete(request(false));
            assertThat(server.requests()).hasSize(3); // one refusal in all
        }
        try (EncodingServer server = refusing(_ -> true, 400, refusal.replace("max_tokens'", "max_tokens"));
                OpenAiChatModel model = new OpenAiChatModel(new Endpoint(server.url(), null))) {
            assertThat(model.complete(request(false))).isInstanceOf(Reply.RequestRefused.class);
            assertThat(server.requests())
                    .hasSizeLessThanOrEqualTo(2)
                    .allSatisfy(sent -> assertThat(sent.has("max_tokens") || sent.has("max_completion_tokens"))
                            .isTrue());
        }
    }

    /** The text stays the same, and so does its beginning, which requests share; words of a user that say "system" change nothing. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "400 | {\"error\":{\"message\":\"this model does not take the system role\",\"param\":\"system\"}}",
                "400 | {\"error\":{\"message\":\"Unsupported value: 'messages[0].role' does not support 'system' with this"
                        + " model.\",\"param\":\"messages[0].role\",\"code\":\"unsupported_value\"}}",
                "400 | {\"object\":\"error\",\"message\":\"System role not supported\",\"type\":\"BadRequestError\"}",
                "400 | {\"message\":\"Conversation roles must alternate user/assistant/user/assistant/...\"}",
                "400 | {\"error\":{\"code\":400,\"message\":\"Developer instruction is not enabled for models/gemma-3-27b-it\"}}",
                "422 | {\"detail\":[{\"loc\":[\"body\",\"messages\",0,\"role\"],\"msg\":\"Input should be 'user' or 'assistant'\"}]}"
            })
    void aSystemMessageBecomesTheBeginningOfTheUserMessage(int status, String refusal) throws Exception {
        ChatRequest request = new ChatRequest(
                "m",
                List.of(ChatMessage.system("The policies."), ChatMessage.user("The question.")),
                null,
                new Sampling(null, null, null, 100),
                null,
                7,
                Duration.ofSeconds(20));
        Predicate<JsonNode> hasSystem =
                sent -> sent.at("/messages/0/role").asText().equals("system");
        try (EncodingServer server = refusing(hasSystem, status, refusal);
                OpenAiChatModel model = new OpenAiChatModel(new Endpoint(server.url(), null))) {
            assertThat(model.complete(request)).isInstanceOf(Reply.Answered.class);
            assertThat(server.lastRequest().path("messages"))
                    .isEqualTo(JSON.readTree("[{\"content\":\"The policies.\\n\\nThe question.\",\"role\":\"user\"}]"));
            model.complete(request);
            assertThat(server.requests()).hasSize(3); // one refusal in all
        }
        try (EncodingServer server = refusing(_ -> true, status, refusal);
                OpenAiChatModel model = new OpenAiChatModel(new Endpoint(server.url(), null))) {
            assertThat(model.complete(request(false))).isInstanceOf(Reply.RequestRefused.class);
            assertThat(server.requests()).as("without a system message").hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "seed | 422 | {\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"seed\"],\"msg\":\"not permitted\"}]}",
                "seed | 422 | {\"object\":\"error\",\"message\":{\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"seed\"]}]}}",
                "seed | 400 | {\"detail\": \"seed is not supported by this deployment\"}",
                "seed | 400 | [{\"error\":{\"code\":400,\"message\":\"Unknown name \\\"seed\\\": Cannot find field.\"}}]",
                "seed | 400 | {\"error\":{\"message\":\"property 'seed' is unsupported\"}}",
                "seed | 422 | {\"error\":\"seed must be above 0\",\"error_type\":\"validation\"}",
                "temperature | 400 | {\"error\":{\"message\":\"Unsupported value: 'temperature' does not support 0.5 with this"
                        + " model. Only the default (1) value is supported.\",\"param\":\"temperature\",\"code\":\"unsupported_value\"}}",
                "top_p | 400 | {\"error\":{\"message\":\"Unsupported parameter\",\"param\":\"top_p\"}}"
            })
    void anOptionalFieldIsLeftOut(String field, int status, String refusal) throws Exception {
        try (EncodingServer server = refusing(sent -> sent.has(field), status, refusal);
                OpenAiChatModel model = new OpenAiChatModel(new Endpoint(server.url(), null))) {
            assertThat(model.complete(request(false)))
                    .isInstanceOfSatisfying(
                            Reply.Answered.class,
                            answered -> assertThat(answered.server().omittedFields())
                                    .containsExactly(field));
            assertThat(server.lastRequest().has(field)).isFalse();
            assertThat(server.lastRequest().has("max_tokens")).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"max_tokens is too large: 100. This model supports at most 16 completion"
                        + " tokens.\",\"param\":\"max_tokens\"}}",
                "{\"error\":{\"message\":\"temperature must be between 0 and 2\",\"param\":\"temperature\"}}",
                "{\"error\":{\"message\":\"tools are not supported by this model\",\"param\":\"tools\"}}",
                "{\"error\":{\"message\":\"max_tokens 100 and 3200 tokens read are more than the context length; not"
                        + " supported\",\"param\":\"max_tokens\"}}"
            })
    void aRefusedValueStaysRefused(String refusal) throws Exception {
        try (EncodingServer server = refusing(_ -> true, 400, refusal);
                OpenAiChatModel model = new OpenAiChatModel(new Endpoint(server.url(), null))) {
            assertThat(model.complete(request(false)))
                    .isInstanceOfAny(Reply.RequestRefused.class, Reply.ContextTooLong.class);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "This response_format type is unavailable now",
                "json_schema is not offered here",
                "Invalid value for response_format.type: must be 'json_object' or 'text'",
                "'structured_outputs' failed: grammar"
            })
    void aServerWithoutSchemasIsToldTheSchemaInWords(String refusal) throws Exception {
        try (EncodingServer server = refusing(
                        sent -> sent.at("/response_format/type").asText().equals("json_schema"),
                        400,
                        "{\"error\":{\"message\":\"" + refusal + "\"}}");
                OpenAiChatModel model = new OpenAiChatModel(new Endpoint(server.url(), null))) {
            assertThat(model.complete(request(true))).isInstanceOf(Reply.Answered.class);
            assertThat(server.lastRequest().at("/response_format/type").asText())
                    .isEqualTo("json_object");
            assertThat(server.lastRequest().at("/messages/0/content").asText())
                    .startsWith("Hello\n\n")
                    .contains("JSON", "\"maximum\":10");
        }
    }

    @Test
    void aServerWithoutAnyResponseFormatGetsNone() throws Exception {
        try (EncodingServer server = refusing(
                        sent -> sent.has("response_format"),
                        422,
                        "{\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"response_format\"]}]}");
                OpenAiChatModel model = new OpenAiChatModel(new Endpoint(server.url(), null))) {
            assertThat(model.complete(request(true))).isInstanceOf(Reply.Answered.class);
            assertThat(server.requests()).hasSize(3);
            assertThat(server.lastRequest().at("/messages/0/content").asText()).contains("JSON");
        }
    }

    @Test
    void boundsThatASchemaMayNotHaveAreLeftOut() throws Exception {
        try (EncodingServer server = refusing(
                        sent -> !sent.findParents("minimum").isEmpty(),
                        400,
                        "{\"error\":{\"message\":\"Invalid schema for response_format 'vote': 'minimum' is not"
                                + " permitted.\",\"param\":\"response_format\"}}");
                OpenAiChatModel model = new OpenAiChatModel(new Endpoint(server.url(), null))) {
            assertThat(model.complete(request(true))).isInstanceOf(Reply.Answered.class);
            assertThat(server.lastRequest()
                            .at("/response_format/json_schema/schema")
                            .toString())
                    .isEqualTo("{\"type\":\"object\",\"properties\":{\"score\":{\"type\":\"integer\"}}}");
        }
    }

    @Test
    void twoRefusalsDoNotAlternate() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (EncodingServer server = new EncodingServer(sent -> {
                    calls.incrementAndGet();
                    String field = sent.has("max_tokens") ? "max_tokens" : "max_completion_tokens";
                    return EncodingServer.Answer.refusal(
                            400, "{\"error\":{\"message\":\"unsupported\",\"param\":\"" + field + "\"}}");
                });
                OpenAiChatModel model = new OpenAiChatModel(new Endpoint(server.url(), null))) {
            assertThat(model.complete(request(false))).isInstanceOf(Reply.RequestRefused.class);
            assertThat(calls).hasValue(2);
        }
    }

    @Test
    void whatIsConfiguredIsSentFromTheFirstRequest() throws Exception {
        RequestEncoding configured = new RequestEncoding(
                TokenLimitField.NONE, ResponseFormat.JSON_OBJECT, false, Set.of("seed", "temperature"));
        Endpoint endpoint;
        try (EncodingServer server = new EncodingServer(_ -> EncodingServer.Answer.good(GOOD))) {
            endpoint = new Endpoint(
                    server.url(),
                    new Secret("key-12345"),
                    "api-key",
                    Map.of("X-Team", "blue"),
                    Map.of("api-version", "2026-01-01 a&b"));
            try (OpenAiChatModel model = new OpenAiChatModel(endpoint, configured)) {
                model.complete(request(true));
            }
            assertThat(server.requests()).hasSize(1);
            assertThat(server.lastRequest().properties().stream().map(Map.Entry::getKey))
                    .containsExactlyInAnyOrder("messages", "model", "top_p", "response_format");
            assertThat(server.lastQuery()).isEqualTo("api-version=2026-01-01+a%26b");
            assertThat(server.lastHeaders().getFirst("api-key")).isEqualTo("key-12345");
            assertThat(server.lastHeaders().getFirst("X-Team")).isEqualTo("blue");
            assertThat(server.lastHeaders().containsKey("Authorization")).isFalse();
        }
    }
}
