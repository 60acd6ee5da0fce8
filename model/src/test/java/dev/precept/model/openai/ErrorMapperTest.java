package dev.precept.model.openai;

import static dev.precept.model.openai.ScriptedCalls.failedCall;
import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.model.ModelCallException;
import dev.precept.model.ModelCallException.Misconfigured;
import dev.precept.model.ModelCallException.RateLimited;
import dev.precept.model.ModelCallException.Unavailable;
import dev.precept.model.Reply.ContextTooLong;
import dev.precept.model.Reply.RequestRefused;
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
    @CsvSource({"429, 7, 7000", "429, 0.25, 250", "503, 120, 120000", "429, 0, 0"})
    void aRetryAfterInSecondsIsReturned(int status, String header, long millis) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(status, "Retry-After: " + header + "\r\n", "")) {
            assertThat(failedCall(server, ModelCallException.class).retryAfter())
                    .contains(Duration.ofMillis(millis));
        }
    }

    @ParameterizedTest
    @CsvSource({"'Fri, 20 Nov 2026 10:01:30 GMT', 90", "'Fri, 20 Nov 2026 09:00:00 GMT', 0"})
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
    @ValueSource(ints = {408, 409, 425, 500, 502, 503, 504, 529})
    void aFailingEndpointIsUnavailableEvenInHtml(int status) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(status, "Content-Type: text/html\r\n", "<html></html>")) {
            assertThat(failedCall(server, Unavailable.class))
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
