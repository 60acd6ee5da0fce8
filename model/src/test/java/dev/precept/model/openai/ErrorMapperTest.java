package dev.precept.model.openai;

import static dev.precept.model.openai.ScriptedCalls.failedCall;
import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.model.ModelCallException;
import dev.precept.model.ModelCallException.Misconfigured;
import dev.precept.model.ModelCallException.RateLimited;
import dev.precept.model.ModelCallException.TimedOut;
import dev.precept.model.ModelCallException.Unavailable;
import dev.precept.model.Reply.ContextTooLong;
import dev.precept.model.Reply.RequestRefused;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Status, Retry-After and body determine the exception of an error response. */
class ErrorMapperTest {
    private static final String JSON = "Content-Type: application/json\r\n";

    @ParameterizedTest
    @CsvSource({"429, 7, 7000", "429, 0.25, 250", "503, 120, 120000", "429, 0, 0", "503, 86400, 300000"})
    void aRetryAfterInSecondsIsReturned(int status, String header, long millis) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(status, "Retry-After: " + header + "\r\n", "")) {
            assertThat(failedCall(server, ModelCallException.class).retryAfter())
                    .contains(Duration.ofMillis(millis));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'Fri, 20 Nov 2026 10:01:30 GMT', 90",
        "'Fri, 20 Nov 2026 09:00:00 GMT', 0",
        "'Fri, 31 Dec 9999 23:59:59 GMT', 300"
    })
    void aRetryAfterDateIsRelativeToNow(String header, long seconds) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(429, "Retry-After: " + header + "\r\n", "")) {
            assertThat(failedCall(server, RateLimited.class).retryAfter()).contains(Duration.ofSeconds(seconds));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Retry-After: soon\r\n", "Retry-After: -5\r\n", ""})
    void anInvalidRetryAfterIsIgnored(String headers) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(429, headers, "")) {
            assertThat(failedCall(server, RateLimited.class).retryAfter()).isEqualTo(Optional.empty());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 409, 425, 500, 502, 503, 529})
    void aFailingEndpointIsUnavailableEvenInHtml(int status) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(status, "Content-Type: text/html\r\n", "<html></html>")) {
            assertThat(failedCall(server, Unavailable.class))
                    .hasMessage(server.url() + "/chat/completions answered " + status);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {504, 524})
    void aGatewayThatDoesNotWaitLongEnoughIsATimeout(int status) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(status, "Content-Type: text/html\r\n", "<html></html>")) {
            assertThat(failedCall(server, TimedOut.class))
                    .hasMessage(server.url() + "/chat/completions answered " + status);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 401, 402, 403, 404, 405})
    void aWrongUrlOrKeyIsMisconfigured(int status) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(status, JSON, "{\"error\":{\"message\":\"no\"}}")) {
            assertThat(failedCall(server, Misconfigured.class))
                    .hasMessageContaining("answered " + status + ": check the ");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 413, 422})
    void aRefusedRequestHasTheReasonOfTheEndpoint(int status) throws Exception {
        String body = "{\"error\":{\"message\":\"bad  tool\\nschema\",\"type\":\"invalid_request_error\"}}";
        try (ScriptedServer server = ScriptedServer.answering(status, JSON, body)) {
            assertThat(ScriptedCalls.call(server))
                    .isEqualTo(new RequestRefused(status, "invalid_request_error bad tool schema"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"detail\": \"seed is not supported\"} | seed is not supported",
                "{\"detail\": [{\"type\": \"extra_forbidden\", \"loc\": [\"body\", \"seed\"], \"msg\": \"no such field\"}]}"
                        + "| body.seed: extra_forbidden no such field",
                "{\"object\": \"error\", \"message\": {\"detail\": [{\"loc\": [\"body\", \"seed\"], \"msg\": \"no\"}]}, \"type\": \"bad\"}"
                        + "| bad body.seed: no",
                "{\"error\": \"seed must be above 0\", \"error_type\": \"validation\"} | seed must be above 0",
                "[{\"error\": {\"code\": 400, \"message\": \"Unknown name seed\"}}] | 400 Unknown name seed",
                "{\"errors\": [{\"message\": \"first\"}]} | first",
                "{\"error\": {\"message\": \"failed\", \"metadata\": {\"raw\": \"upstream words\"}}} | failed upstream words",
                "plain words | plain words",
                "{\"error\": {\"message\": \"a\\u001b[31mb\"}} | a [31mb",
                "`` | no reason given",
                "{} | no reason given"
            })
    void theWordsOfAProviderAreFoundInAnyShape(String body, String reason) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(400, JSON, body)) {
            assertThat(ScriptedCalls.call(server)).isEqualTo(new RequestRefused(400, reason));
        }
    }

    @Test
    void theWordsOfAProviderAreCutAtFourKibibytes() throws Exception {
        String words = "ü".repeat(10_000);
        try (ScriptedServer server = ScriptedServer.answering(422, JSON, "{\"detail\":\"" + words + "\"}")) {
            assertThat(ScriptedCalls.call(server))
                    .isInstanceOfSatisfying(
                            RequestRefused.class,
                            refused -> assertThat(refused.detail().getBytes(StandardCharsets.UTF_8))
                                    .hasSizeBetween(4_092, 4_096));
        }
    }

    @Test
    void aPromptFilterIsNoRefusalOfTheParameters() throws Exception {
        String body =
                "{\"error\":{\"message\":\"stopped\",\"param\":\"prompt\",\"code\":\"content_filter\",\"status\":400}}";
        try (ScriptedServer server = ScriptedServer.answering(400, JSON, body)) {
            assertThat(ScriptedCalls.call(server)).isEqualTo(new RequestRefused(400, "content_filter stopped", true));
        }
    }

    @Test
    void aRateLimitThatOnlyMoneyLiftsIsMisconfigured() throws Exception {
        String body = "{\"error\":{\"message\":\"pay first\",\"code\":\"insufficient_quota\"}}";
        try (ScriptedServer server = ScriptedServer.answering(429, JSON, body)) {
            assertThat(failedCall(server, Misconfigured.class))
                    .hasMessageEndingWith("answered 429 insufficient_quota: the account has no credit left")
                    .satisfies(failed -> assertThat(failed.detail()).endsWith("left: insufficient_quota pay first"));
        }
    }

    @Test
    void theTargetOfARedirectIsNamed() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(307, "Location: http://new.example/v1\r\n", "")) {
            assertThat(failedCall(server, Misconfigured.class))
                    .hasMessageEndingWith(
                            "answered 307 to http://new.example/v1: check the URL; redirects are not followed");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"too big\",\"code\":\"context_length_exceeded\"}}",
                "{\"message\":\"This model's maximum context length is 4096 tokens.\",\"code\":400}",
                "{\"error\":\"Too many tokens in the prompt\"}",
                "{\"error\":{\"message\":\"prompt is too long: 9 > 8\"}}",
                "{\"error\":{\"message\":\"the request exceeds the available context size\"}}"
            })
    void aRequestTooLongForTheModelIsRecognised(String body) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(400, JSON, body)) {
            assertThat(ScriptedCalls.call(server)).isInstanceOf(ContextTooLong.class);
        }
    }

    @Test
    void anHtmlRefusalOfAGatewayIsNoRefusalOfTheModel() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(400, "Content-Type: text/html\r\n", "<html></html>")) {
            assertThat(failedCall(server, Unavailable.class)).hasMessageEndingWith("answered HTML");
        }
    }
}
