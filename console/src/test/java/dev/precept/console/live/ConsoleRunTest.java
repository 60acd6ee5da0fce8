package dev.precept.console.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.console.Console;
import dev.precept.console.ConsoleSettings;
import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.EmbeddedBroker;
import dev.precept.kafka.KafkaAccess;
import dev.precept.runs.FinalProgressFile;
import dev.precept.runs.RunControl;
import dev.precept.runs.WorkFolderRun;
import dev.precept.runtime.RunFile;
import dev.precept.runtime.WorkFolder;
import dev.precept.runtime.metrics.Health;
import dev.precept.runtime.metrics.MetricsServer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page of a run shows what its process has reported, while it reports it, and controls the run as the commands do. */
@Timeout(60)
class ConsoleRunTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ENDPOINT = "http://model.example:8000/v1";
    private static final Health HEALTHY = Optional::empty;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static EmbeddedBroker broker;

    @SuppressWarnings("NullAway.Init")
    private static MetricsServer metrics;

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
        metrics = MetricsServer.open("127.0.0.1", 0, HEALTHY);
        gauge("limit", 8);
        gauge("in.flight", 3);
        gauge("breaker.open", 0);
        for (int call = 1; call <= 100; call++) {
            Timer.builder("gen_ai.client.operation.duration")
                    .tags(
                            "role", "generator",
                            "gen_ai_operation_name", "chat",
                            "gen_ai_request_model", "small",
                            "server_address", "model.example",
                            "server_port", "8000",
                            "error_type", call % 10 == 0 ? "rate_limited" : "")
                    .serviceLevelObjectives(
                            Duration.ofMillis(100),
                            Duration.ofMillis(200),
                            Duration.ofMillis(400),
                            Duration.ofSeconds(4))
                    .register(metrics.meters())
                    .record(Duration.ofMillis(call <= 60 ? 150 : 300));
        }
    }

    private static void gauge(String name, double value) {
        Gauge.builder("precept.endpoint." + name, () -> value)
                .tags("role", "generator", "model", "small", "endpoint", ENDPOINT)
                .register(metrics.meters());
    }

    @AfterAll
    static void stop() {
        metrics.close();
        broker.close();
    }

    @Test
    void aRunningRunIsShownWithItsModelServersAndControlled() throws Exception {
        try (RunSite site = new RunSite(folder, broker, metrics, "running", false, true);
                WorkFolder.Lock _ = site.work().lock()) {
            JsonNode run = site.run();
            assertThat(run.path("activity").asText()).isEqualTo("running");
            assertThat(run.path("accepted").asLong()).isEqualTo(7);
            assertThat(run.at("/rejected/LOW_SCORE").asLong()).isEqualTo(1);
            assertThat(run.path("actions").toString()).isEqualTo("[\"pause\",\"cancel\"]");
            JsonNode endpoint = run.path("endpoints").path(0);
            assertThat(endpoint.path("name").asText()).isEqualTo(ENDPOINT + " · small");
            assertThat(endpoint.path("limit").asInt()).isEqualTo(8);
            assertThat(endpoint.path("in_flight").asInt()).isEqualTo(3);
            assertThat(endpoint.path("open").asBoolean(true)).isFalse();
            assertThat(endpoint.path("calls").asInt()).isEqualTo(100);
            assertThat(endpoint.path("p50").asDouble()).isBetween(0.1, 0.2);
            assertThat(endpoint.path("p99").asDouble()).isBetween(0.2, 0.4);
            assertThat(endpoint.path("latency").toString()).isEqualTo("[[\"≤ 200 ms\",60],[\"≤ 400 ms\",40]]");

            assertThat(site.post("pause").statusCode()).isEqualTo(200);
            assertThat(site.control().paused()).isTrue();
            JsonNode paused = site.run();
            assertThat(paused.path("activity").asText()).isEqualTo("paused");
            assertThat(paused.path("actions").toString()).isEqualTo("[\"resume\",\"cancel\"]");
            site.post("resume");
            assertThat(site.control().paused()).isFalse();
            site.post("cancel");
            assertThat(site.control().cancelled()).isTrue();
            assertThat(site.run().path("actions")).isEmpty();
        }
    }

    @Test
    @Tag("slow")
    @Tag("ci")
    void aBrowserIsSentWhatChangesWhileTheRunGoesOn() throws Exception {
        try (RunSite site = new RunSite(folder, broker, metrics, "followed", false, true);
                WorkFolder.Lock _ = site.work().lock()) {
            HttpResponse<InputStream> events =
                    client.send(site.request("/api/run/events").build(), HttpResponse.BodyHandlers.ofInputStream());
            assertThat(events.headers().firstValue("content-type").orElse("")).startsWith("text/event-stream");
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(events.body(), StandardCharsets.UTF_8))) {
                assertThat(RunSite.event(lines).path("accepted").asLong()).isEqualTo(7);
                site.progress(9, 2);
                JsonNode changed = RunSite.event(lines);
                assertThat(changed.path("accepted").asLong()).isEqualTo(9);
                assertThat(changed.path("in_flight").asLong()).isEqualTo(9);
            }
        }
    }

    @Test
    void aRunWithoutAProcessIsShownAndAReadOnlyConsoleChangesNothing() throws Exception {
        try (RunSite site = new RunSite(folder, broker, metrics, "stopped", true, true)) {
            JsonNode run = site.run();
            assertThat(run.path("activity").asText()).isEqualTo("stopped");
            assertThat(run.path("why").asText()).contains("no process is running it");
            assertThat(run.path("endpoints").isNull()).isTrue();
            HttpResponse<String> refused = site.post("pause");
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body()).contains("read-only");
            assertThat(site.control().paused()).isFalse();
        }
    }

    @Test
    @Timeout(20)
    void aStatusThatCanBeReadAgainIsSentAlthoughItIsTheSame() throws Exception {
        try (RunSite site = new RunSite(folder, broker, metrics, "mended", true, false)) {
            String good = "{\"run_id\": \"mended\", \"slots\": 20, \"complete\": true}";
            site.work().write(FinalProgressFile.NAME, good);
            HttpResponse<InputStream> events =
                    client.send(site.request("/api/run/events").build(), HttpResponse.BodyHandlers.ofInputStream());
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(events.body(), StandardCharsets.UTF_8))) {
                assertThat(RunSite.event(lines).path("state").asText()).isEqualTo("complete");
                site.work().write(FinalProgressFile.NAME, "{broken");
                assertThat(RunSite.event(lines).path("text").asText()).contains(FinalProgressFile.NAME);
                site.work().write(FinalProgressFile.NAME, good);
                assertThat(RunSite.event(lines).path("state").asText()).isEqualTo("complete");
            }
        }
    }

    @Test
    void aPageThatIsOpenedLaterIsNotShownTheStatusOfAnEarlierStop() throws Exception {
        try (RunSite site = new RunSite(folder, broker, metrics, "reopened", true, true, Duration.ZERO)) {
            assertThat(site.followed().path("accepted").asLong()).isEqualTo(7);
            site.progress(9, 2); // by a process that has run and stopped since
            assertThat(site.followed().path("accepted").asLong()).isEqualTo(9);
        }
    }

    /** The console starts the Kafka of such a run itself, which must not look like a process of the run. */
    @Test
    void aStoppedRunWhoseKafkaEndedWithItIsReadAndChangedByTwoAtOnce() throws Exception {
        WorkFolder work = new WorkFolder(folder.resolve("ended"));
        work.prepare();
        RunFile run = new RunFile(
                "ended", "ended", 1, Map.of(), "{\"dataset\": \"" + folder.resolve("dataset") + "\"}", folder);
        run.write(work);
        try (EmbeddedBroker own = EmbeddedBroker.start(work.resolve("kafka"), 0)) {
            KafkaAccess kafka = run.access(work, own.address(), Map.of());
            DatasetTopics.ensure(kafka, (short) 1);
            kafka.serdes().registry().register(kafka.namespace());
            try (RunControl control = new RunControl(kafka, "ended")) {
                control.register("{}", 1, null);
            }
        }
        try (Console console = Console.open(
                        new ConsoleSettings("127.0.0.1", 0, Optional.empty(), Optional.empty(), false),
                        "ended",
                        Optional.empty(),
                        List.of(new Console.Extension(
                                "run", new RunRoutes(WorkFolderRun.open(work.root())).routes())));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(console.url() + "/api/run"));
            Future<String> first = threads.submit(() -> body(request.build()));
            await("its Kafka").atMost(Duration.ofSeconds(20)).until(work::isInUse);
            Future<String> second = threads.submit(() -> body(request.build()));
            HttpResponse<String> paused = client.send(
                    HttpRequest.newBuilder(URI.create(console.url() + "/api/run/pause"))
                            .header("x-precept", "1")
                            .POST(HttpRequest.BodyPublishers.ofString("{}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(paused.statusCode()).as(paused.body()).isEqualTo(200);
            assertThat(paused.body()).contains("no process is running it");
            assertThat(JSON.readTree(first.get()).path("activity").asText()).isEqualTo("stopped");
            assertThat(JSON.readTree(second.get()).path("activity").asText()).isEqualTo("stopped");
            assertThat(JSON.readTree(body(request.build())).path("paused").asBoolean())
                    .isTrue();
        }
    }

    private String body(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    @Test
    void aCompleteRunCannotBePaused() throws Exception {
        try (RunSite site = new RunSite(folder, broker, metrics, "complete", false, false)) {
            site.work().write(FinalProgressFile.NAME, "{\"run_id\": \"complete\", \"slots\": 20, \"complete\": true}");
            HttpResponse<String> refused = site.post("pause");
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(refused.body()).contains("is complete");
            JsonNode run = site.run();
            assertThat(run.path("state").asText()).isEqualTo("complete");
            assertThat(run.path("actions")).isEmpty();
        }
    }
}
