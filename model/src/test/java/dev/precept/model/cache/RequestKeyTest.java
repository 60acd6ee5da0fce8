package dev.precept.model.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.model.ChatMessage;
import dev.precept.model.ChatRequest;
import dev.precept.model.MessageContent;
import dev.precept.model.PreEncodedText;
import dev.precept.model.ResponseSchema;
import dev.precept.model.Sampling;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The key covers everything that the answer may depend on, and nothing else. */
class RequestKeyTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SCHEMA = "{\"type\": \"object\", \"additionalProperties\": false}";
    private static final Sampling SAMPLING = new Sampling(0.6, 0.9, "low", 10);
    private static final ChatRequest REQUEST = request("m", "?", "[]", SAMPLING, SCHEMA, 7);

    static Stream<ChatRequest> everyOther() {
        return Stream.of(
                request("m2", "?", "[]", SAMPLING, SCHEMA, 7),
                request("m", "? ", "[]", SAMPLING, SCHEMA, 7),
                request("m", "?", "[{\"type\": \"function\"}]", SAMPLING, SCHEMA, 7),
                request("m", "?", "[]", new Sampling(0.61, 0.9, "low", 10), SCHEMA, 7),
                request("m", "?", "[]", new Sampling(null, 0.9, "low", 10), SCHEMA, 7),
                request("m", "?", "[]", new Sampling(0.6, 0.91, "low", 10), SCHEMA, 7),
                request("m", "?", "[]", new Sampling(0.6, null, "low", 10), SCHEMA, 7),
                request("m", "?", "[]", new Sampling(0.6, 0.9, "high", 10), SCHEMA, 7),
                request("m", "?", "[]", new Sampling(0.6, 0.9, null, 10), SCHEMA, 7),
                request("m", "?", "[]", new Sampling(0.6, 0.9, "low", 20), SCHEMA, 7),
                request("m", "?", "[]", new Sampling(0.6, 0.9, "low", 10, "{\"top_k\":1}"), SCHEMA, 7),
                request("m", "?", "[]", SAMPLING, "{\"type\": \"object\", \"additionalProperties\": true}", 7),
                request("m", "?", "[]", SAMPLING, null, 7),
                request("m", "?", "[]", SAMPLING, SCHEMA, 8),
                with(REQUEST.messages(), "judge 2 1"),
                with(REQUEST.messages(), "judge 1 2"),
                with(List.of(ChatMessage.system("?")), REQUEST.variant()),
                with(List.of(ChatMessage.user("?"), ChatMessage.user("?")), REQUEST.variant()),
                with(
                        List.of(new ChatMessage("user", MessageContent.of("?"), "thought", null, null, null)),
                        REQUEST.variant()),
                with(
                        List.of(new ChatMessage("user", MessageContent.of("?"), null, json("[1]"), null, null)),
                        REQUEST.variant()),
                with(
                        List.of(new ChatMessage("user", MessageContent.of("?"), null, null, "call-1", null)),
                        REQUEST.variant()),
                with(
                        List.of(new ChatMessage("user", MessageContent.of("?"), null, null, null, "name")),
                        REQUEST.variant()));
    }

    @ParameterizedTest
    @MethodSource("everyOther")
    void aDifferentRequestHasADifferentKey(ChatRequest other) {
        assertThat(RequestKey.of(other)).matches("[0-9a-f]{64}").isNotEqualTo(RequestKey.of(REQUEST));
    }

    @Test
    void timeoutAndMemberOrderDoNotChangeTheKey() {
        ChatRequest patient = new ChatRequest(
                REQUEST.model(),
                REQUEST.messages(),
                REQUEST.tools(),
                REQUEST.sampling(),
                new ResponseSchema("vote", json("{\"additionalProperties\": false, \"type\": \"object\"}")),
                REQUEST.seed(),
                Duration.ofHours(1),
                REQUEST.variant());

        assertThat(RequestKey.of(patient)).isEqualTo(RequestKey.of(REQUEST));
    }

    /** Only the hash of a shared text is in the key, at its place. */
    @Test
    void aSharedTextHasItsPlaceInTheKey() {
        PreEncodedText shared = new PreEncodedText("policies");
        List<MessageContent> contents = List.of(
                MessageContent.of("a", shared, "b"),
                MessageContent.of("a", new PreEncodedText("policies "), "b"),
                MessageContent.of(shared, "a", "b"),
                MessageContent.of("a", shared, "b "),
                MessageContent.of("[\"a\",{\"sha256\":\"" + shared.sha256() + "\"},\"b\"]"),
                MessageContent.of("a{\"sha256\":\"" + shared.sha256() + "\"}b"));

        assertThat(contents.stream()
                        .map(content -> RequestKey.of(with(
                                List.of(new ChatMessage("user", content, null, null, null, null)), REQUEST.variant()))))
                .doesNotHaveDuplicates();
    }

    /** A changed key format would invalidate every cache. */
    @Test
    void theKeyFormatIsStable() {
        assertThat(RequestKey.of(REQUEST))
                .isEqualTo("65afe29665614d064e99d42ad7f00e7a099b07a94fca20ec23d3f484569f4121");
    }

    private static ChatRequest request(
            String model, String words, String tools, Sampling sampling, @Nullable String schema, long seed) {
        return new ChatRequest(
                model,
                List.of(ChatMessage.user(words)),
                json(tools),
                sampling,
                schema == null ? null : new ResponseSchema("vote", json(schema)),
                seed,
                Duration.ofSeconds(1),
                "judge 1 1");
    }

    private static ChatRequest with(List<ChatMessage> messages, String variant) {
        return new ChatRequest(
                REQUEST.model(),
                messages,
                REQUEST.tools(),
                REQUEST.sampling(),
                REQUEST.schema(),
                REQUEST.seed(),
                REQUEST.timeout(),
                variant);
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
