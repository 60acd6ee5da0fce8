package dev.precept.benchmarks.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.model.ChatMessage;
import dev.precept.model.ChatRequest;
import dev.precept.model.Reply;
import dev.precept.model.Sampling;
import dev.precept.model.openai.Endpoint;
import dev.precept.model.openai.OpenAiChatModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LatencyServerTest {
    private static final int CALLS = 200;
    private static final Duration LATENCY = Duration.ofMillis(150);

    @Test
    void everyCallIsAnsweredAndNoneBeforeItsLatency() throws Exception {
        LatencyServer server =
                new LatencyServer(Latency.parse("constant:" + LATENCY.toMillis()), new Occupancy(Set.of(1L, 200L)));
        Thread serving = Thread.ofPlatform().start(() -> {
            try {
                server.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        String root = "http://127.0.0.1:" + server.port();
        ServerSnapshot snapshot;
        try (OpenAiChatModel model = new OpenAiChatModel(new Endpoint(root + "/v1", null));
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
                HttpClient http = HttpClient.newHttpClient()) {
            List<Future<Duration>> calls = new ArrayList<>();
            for (int n = 1; n <= CALLS; n++) {
                calls.add(callers.submit(() -> timed(model)));
            }
            for (Future<Duration> call : calls) {
                assertThat(call.get()).isGreaterThanOrEqualTo(LATENCY);
            }
            HttpRequest stats =
                    HttpRequest.newBuilder(URI.create(root + "/stats")).build();
            snapshot = new ObjectMapper()
                    .readValue(http.send(stats, BodyHandlers.ofString()).body(), ServerSnapshot.class);
        }
        server.close();
        serving.join();

        assertThat(snapshot.started()).isEqualTo(CALLS);
        assertThat(snapshot.served()).isEqualTo(CALLS);
        assertThat(snapshot.inFlight()).isZero();
        assertThat(snapshot.abandoned()).isZero();
        assertThat(snapshot.requestBytes()).isGreaterThan(CALLS * 40_000L);
        assertThat(snapshot.marks()).extracting(ServerSnapshot.Mark::call).containsExactly(1L, 200L);
    }

    @Test
    void theTailHasAMedianOfOneSecondAndOnePercentAtTwenty() {
        Latency tail = Latency.parse("tail");

        double[] seconds = LongStream.rangeClosed(1, 100_000)
                .mapToDouble(call -> tail.of(call).toNanos() / 1e9)
                .sorted()
                .toArray();

        assertThat(seconds[50_000]).isCloseTo(1, within(0.02));
        assertThat(Arrays.stream(seconds).filter(s -> s >= 20).count()).isBetween(900L, 1_100L);
        assertThat(Arrays.stream(seconds).average().orElseThrow())
                .isCloseTo(tail.mean().toNanos() / 1e9, within(0.02));
        assertThat(tail.of(7)).isEqualTo(Latency.parse("tail").of(7));
    }

    @Test
    void anInvalidLatencyIsRefused() {
        assertThatThrownBy(() -> Latency.parse("constant:0"))
                .hasMessageContaining("constant:<milliseconds>, spread:<milliseconds> and tail");
    }

    private static Duration timed(OpenAiChatModel model) throws Exception {
        ChatRequest request = new ChatRequest(
                "m",
                List.of(ChatMessage.user("x".repeat(40_000))),
                null,
                new Sampling(null, null, null, 1),
                null,
                1,
                Duration.ofSeconds(30));
        long start = System.nanoTime();
        Reply reply = model.complete(request);
        assertThat(reply).isInstanceOfSatisfying(Reply.Answered.class, answered -> {
            assertThat(answered.reasoning()).contains("[point-3]");
            assertThat(answered.finishReason()).isEqualTo("stop");
        });
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
