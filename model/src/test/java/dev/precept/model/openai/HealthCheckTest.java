package dev.precept.model.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.model.ModelCallException;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The health check of an endpoint costs nothing, and tells a server that is down from one that refuses. */
class HealthCheckTest {
    @ParameterizedTest
    @ValueSource(ints = {200, 401, 403, 404, 405, 429})
    void aServerThatAnswersIsUp(int status) throws Exception {
        try (ScriptedServer server = answering(status);
                OpenAiChatModel model = model(server)) {
            assertThatCode(model::check).doesNotThrowAnyException();
            assertThat(server.received().head()).startsWith("GET /v1/models HTTP/1.1");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    void aServerThatFailsIsDown(int status) throws Exception {
        try (ScriptedServer server = answering(status);
                OpenAiChatModel model = model(server)) {
            assertThatThrownBy(model::check).isInstanceOf(ModelCallException.class);
        }
    }

    @Test
    void theWaitThatAServerRequestsIsKnown() throws Exception {
        try (ScriptedServer server =
                        ScriptedServer.answering(503, "Content-Type: application/json\r\nRetry-After: 7\r\n", "{}");
                OpenAiChatModel model = model(server)) {
            assertThatThrownBy(model::check)
                    .isInstanceOfSatisfying(
                            ModelCallException.class,
                            failed -> assertThat(failed.retryAfter()).contains(Duration.ofSeconds(7)));
        }
    }

    @Test
    void aServerThatHangsUpIsDown() throws Exception {
        try (ScriptedServer server = ScriptedServer.playing(socket -> {});
                OpenAiChatModel model = model(server)) {
            assertThatThrownBy(model::check).isInstanceOf(ModelCallException.class);
        }
    }

    private static ScriptedServer answering(int status) throws IOException {
        return ScriptedServer.answering(status, "Content-Type: application/json\r\n", "{}");
    }

    private static OpenAiChatModel model(ScriptedServer server) {
        return new OpenAiChatModel(new Endpoint(server.url(), null));
    }
}
