package dev.precept.model.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.model.ChatMessage;
import dev.precept.model.ChatRequest;
import dev.precept.model.ResponseSchema;
import dev.precept.model.Sampling;
import dev.precept.model.openai.RequestEncoding.ResponseFormat;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A probe tells parameters that are refused from an endpoint that is not ready. */
class AcceptanceTest {
    private static final String GOOD = ScriptedCalls.completion("length", "{\"content\":\"\"}");

    private static Acceptance probe(Function<JsonNode, EncodingServer.Answer> answers) throws Exception {
        try (EncodingServer server = new EncodingServer(answers)) {
            ChatRequest request = new ChatRequest(
                    "m",
                    List.of(ChatMessage.user("Hello")),
                    null,
                    new Sampling(null, null, null, 100),
                    new ResponseSchema("vote", new ObjectMapper().readTree("{\"type\":\"object\"}")),
                    7,
                    Duration.ofSeconds(20));
            return Acceptance.probe(new Endpoint(server.url(), null), RequestEncoding.STANDARD, request);
        }
    }

    private static RequestEncoding encoding(Function<JsonNode, EncodingServer.Answer> answers) throws Exception {
        return ((Acceptance.Accepted) probe(answers)).encoding();
    }

    private static EncodingServer.Answer refusal(int status, String words) {
        return EncodingServer.Answer.refusal(status, "{\"error\":{\"message\":\"" + words + "\"}}");
    }

    @Test
    void anyCompletionAcceptsTheParameters() throws Exception {
        assertThat(encoding(_ -> EncodingServer.Answer.good(GOOD))).isEqualTo(RequestEncoding.STANDARD);
    }

    @Test
    void theAcceptedEncodingIsReturned() throws Exception {
        assertThat(encoding(request ->
                        request.has("seed") ? refusal(422, "seed is not supported") : EncodingServer.Answer.good(GOOD)))
                .isEqualTo(RequestEncoding.STANDARD.without("seed"));
    }

    @Test
    void aRefusalHasTheWordsOfTheServer() throws Exception {
        assertThat(probe(_ -> refusal(400, "max_tokens is too large: 100")))
                .isInstanceOfSatisfying(
                        Acceptance.Refused.class,
                        refused -> assertThat(refused.detail())
                                .endsWith("/v1: answered 400: max_tokens is too large: 100"));
    }

    @Test
    void aWrongKeyIsMisconfiguredAndAnOutageIsNotReady() throws Exception {
        assertThat(probe(_ -> refusal(401, "who are you")))
                .isInstanceOfSatisfying(
                        Acceptance.Misconfigured.class,
                        wrong -> assertThat(wrong.detail()).endsWith("who are you"));
        assertThat(probe(_ -> refusal(503, "loading the model")))
                .isInstanceOfSatisfying(
                        Acceptance.NotReady.class,
                        notReady -> assertThat(notReady.detail()).endsWith("answered 503: loading the model"));
    }

    @Test
    void aFormatThatBreaksTheServerIsReplaced() throws Exception {
        assertThat(encoding(request ->
                        request.has("response_format") ? refusal(500, "oops") : EncodingServer.Answer.good(GOOD)))
                .isEqualTo(RequestEncoding.STANDARD.with(ResponseFormat.NONE));
    }

    @Test
    void anOutageThatEndsDuringTheProbeChangesNothing() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        assertThat(encoding(
                        _ -> calls.incrementAndGet() == 1 ? refusal(500, "oops") : EncodingServer.Answer.good(GOOD)))
                .isEqualTo(RequestEncoding.STANDARD);
    }
}
