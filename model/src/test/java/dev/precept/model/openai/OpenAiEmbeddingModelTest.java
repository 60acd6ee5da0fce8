package dev.precept.model.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.model.Backoff;
import dev.precept.model.ModelCallException.Misconfigured;
import dev.precept.model.ModelCallException.Unavailable;
import dev.precept.model.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each text gets its vector, or the call fails with one line that says why. */
class OpenAiEmbeddingModelTest {
    private static final String JSON = "Content-Type: application/json\r\n";

    private static OpenAiEmbeddingModel model(ScriptedServer server) {
        return new OpenAiEmbeddingModel(
                new Endpoint(server.url(), new Secret("sk-embedding-1")),
                "small",
                8,
                1,
                new Backoff(Duration.ofMillis(1), Duration.ofMillis(1), new SplittableRandom(1)));
    }

    @Test
    void vectorsAreInTheOrderOfTheTexts() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering("""
                        {"data": [{"index": 1, "embedding": [0, 2.5]}, {"index": 0, "embedding": [1, -1]}]}""");
                OpenAiEmbeddingModel model = model(server)) {
            assertThat(model.embed(List.of("one", "two"))).containsExactly(new float[] {1, -1}, new float[] {0, 2.5f});
            ScriptedServer.Request request = server.received();
            assertThat(request.head())
                    .startsWith("POST /v1/embeddings ")
                    .contains("Authorization: Bearer sk-embedding-1");
            assertThat(request.body()).isEqualTo("""
                    {"model":"small","input":["one","two"]}""");
        }
    }

    @Test
    void aFailedCallIsRepeated() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (ScriptedServer server = ScriptedServer.playing(socket -> {
                    if (calls.incrementAndGet() < 3) {
                        ScriptedServer.respond(socket, 503, JSON, "{}".getBytes(StandardCharsets.UTF_8));
                    } else {
                        byte[] body = "{\"data\":[{\"embedding\":[3]}]}".getBytes(StandardCharsets.UTF_8);
                        ScriptedServer.respond(socket, 200, JSON, body);
                    }
                });
                OpenAiEmbeddingModel model = model(server)) {
            assertThat(model.embed(List.of("one"))).containsExactly(new float[] {3});
            assertThat(calls).hasValue(3);
        }
    }

    @Test
    void anOutageEndsTheCallAfterEightTries() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (ScriptedServer server = ScriptedServer.playing(socket -> {
                    calls.incrementAndGet();
                    ScriptedServer.respond(socket, 500, JSON, "{}".getBytes(StandardCharsets.UTF_8));
                });
                OpenAiEmbeddingModel model = model(server)) {
            assertThatThrownBy(() -> model.embed(List.of("one")))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("answered 500");
            assertThat(calls).hasValue(8);
        }
    }

    /** Python writes NaN so, and it would come again however often the texts are sent. */
    @Test
    void aBodyThatIsNotJsonEndsTheCallAfterThreeTries() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (ScriptedServer server = ScriptedServer.playing(socket -> {
                    calls.incrementAndGet();
                    byte[] body = "{\"data\":[{\"embedding\":[NaN]}]}".getBytes(StandardCharsets.UTF_8);
                    ScriptedServer.respond(socket, 200, JSON, body);
                });
                OpenAiEmbeddingModel model = model(server)) {
            assertThatThrownBy(() -> model.embed(List.of("one")))
                    .isInstanceOf(Misconfigured.class)
                    .hasMessageStartingWith(server.url() + "/embeddings answered ")
                    .hasMessageEndingWith(
                            ", 3 times for the same texts: the model small cannot be used to compare them");
            assertThat(calls).hasValue(3);
        }
    }

    @Test
    void aCheckMakesOneCallAndLetsABusyServerPass() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (ScriptedServer server = ScriptedServer.playing(socket -> {
                    int status = calls.incrementAndGet() == 1 ? 503 : 500;
                    ScriptedServer.respond(socket, status, JSON, "{}".getBytes(StandardCharsets.UTF_8));
                });
                OpenAiEmbeddingModel model = model(server)) {
            model.check();
            assertThat(calls).hasValue(1);
            assertThatThrownBy(model::check).isInstanceOf(Unavailable.class).hasMessageContaining("answered 500");
            assertThat(calls).hasValue(2);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]                                                     | 0 vectors for 2 texts",
                "[{\"embedding\":[1]}]                                  | 1 vectors for 2 texts",
                "[{\"index\":0,\"embedding\":[1]},{\"index\":0,\"embedding\":[1]}] | index 0 out of order or twice",
                "[{\"index\":0,\"embedding\":[1]},{\"index\":7,\"embedding\":[1]}] | index 7 out of order or twice",
                "[{\"embedding\":[1]},{\"embedding\":[1,2]}]            | a vector of 2 numbers, after one of 1",
                "[{\"embedding\":[1]},{\"embedding\":[null]}]           | a value that is not a number",
                "[{\"embedding\":[1]},{\"embedding\":[1e99]}]           | a value that is not a number",
                "[{\"embedding\":[1]},{\"embedding\":[\"NaN\"]}]        | a value that is not a number",
                "[{\"embedding\":[1]},{\"embedding\":[0]}]              | a vector of zeros",
                "[{\"embedding\":[1]},{\"embedding\":\"AACAPw==\"}]     | without a list of numbers"
            })
    void otherVectorsThanWereRequestedAreRefused(String data, String why) throws Exception {
        try (ScriptedServer server = ScriptedServer.answering("{\"data\":" + data + "}");
                OpenAiEmbeddingModel model = model(server)) {
            assertThatThrownBy(() -> model.embed(List.of("one", "two")))
                    .isInstanceOf(Misconfigured.class)
                    .hasMessageStartingWith(server.url() + "/embeddings answered ")
                    .hasMessageContaining(why)
                    .hasMessageEndingWith("the model small cannot be used to compare texts");
        }
    }

    @Test
    void aRefusedKeyIsNotTriedAgain() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(401, JSON, "{\"error\":{\"code\":\"invalid_api_key\"}}");
                OpenAiEmbeddingModel model = model(server)) {
            assertThatThrownBy(() -> model.embed(List.of("one")))
                    .isInstanceOf(Misconfigured.class)
                    .hasMessageContaining("answered 401 invalid_api_key: check the key");
        }
    }
}
