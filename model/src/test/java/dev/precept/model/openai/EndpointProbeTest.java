package dev.precept.model.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.model.Sampling;
import dev.precept.model.mock.FaultInjection;
import dev.precept.model.mock.MockModelServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The probe reports the behaviour of a model, for servers with different conventions. */
class EndpointProbeTest {
    private static final Sampling SAMPLING = new Sampling(null, null, null, 512);

    @Test
    void reasoningInAFieldWithContextLength() throws Exception {
        assertThat(probed(
                        "{\"data\": [{\"id\": \"other\", \"max_model_len\": 1}, {\"id\": \"r1\", \"max_model_len\": 32768}]}",
                        answer("\"content\": \"14.\", \"reasoning_content\": \"7 + 7\"")))
                .isEqualTo(new EndpointProbe.ProbeResult("r1-7b", 32_768, 0, "the field reasoning_content", "stop"));
    }

    @Test
    void reasoningInTags() throws Exception {
        assertThat(probed(
                        "{\"data\": [{\"id\": \"r1\"}]}",
                        answer("\"content\": \"<think>7 + 7</think>14.\""),
                        counting(6_012)))
                .isEqualTo(new EndpointProbe.ProbeResult("r1-7b", 0, 0, "tags in the content", "stop"));
    }

    @Test
    void noReasoningAtAll() throws Exception {
        assertThat(probed("{\"data\": []}", answer("\"content\": \"14.\""), counting(6_012))
                        .reasoningLocation())
                .isEmpty();
    }

    @Test
    void aServerThatCutsPromptsWithoutAWordIsFound() throws Exception {
        assertThat(probed("{\"data\": []}", answer("\"content\": \"14.\""), counting(2_048))
                        .cutTokens())
                .isEqualTo(2_048);
    }

    @Test
    void aRefusalIsReportedInOneLine() {
        assertThatThrownBy(() -> probed("{\"data\": []}", answer("\"content\": 17")))
                .isInstanceOf(EndpointProbe.NoCompletionException.class)
                .hasMessageEndingWith("content is neither text nor parts of text");
    }

    @Test
    void theMockModelPassesTheProbe() throws Exception {
        try (MockModelServer server = MockModelServer.start(0, FaultInjection.none())) {
            EndpointProbe.ProbeResult probeResult = EndpointProbe.probe(
                    new Endpoint(server.url(), null),
                    RequestEncoding.STANDARD,
                    "mock-model",
                    SAMPLING,
                    Duration.ofSeconds(10));
            assertThat(probeResult.reasoningLocation()).isNotEmpty();
        }
    }

    private static String answer(String message) {
        return "{\"model\": \"r1-7b\", \"choices\": [{\"finish_reason\": \"stop\", \"message\": {" + message + "}}]}";
    }

    private static String counting(int promptTokens) {
        return answer("\"content\": \"one\"")
                .replaceFirst(
                        "\\{", "{\"usage\": {\"prompt_tokens\": " + promptTokens + ", \"completion_tokens\": 1}, ");
    }

    private static EndpointProbe.ProbeResult probed(String... bodies) throws Exception {
        Deque<String> answers = new ArrayDeque<>(List.of(bodies));
        try (ScriptedServer server = ScriptedServer.playing(socket -> ScriptedServer.respond(
                socket,
                200,
                "Content-Type: application/json\r\n",
                answers.remove().getBytes(StandardCharsets.UTF_8)))) {
            return EndpointProbe.probe(
                    new Endpoint(server.url(), null), RequestEncoding.STANDARD, "r1", SAMPLING, Duration.ofSeconds(10));
        }
    }
}
