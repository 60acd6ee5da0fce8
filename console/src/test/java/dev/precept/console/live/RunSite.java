package dev.precept.console.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.console.Console;
import dev.precept.console.ConsoleSettings;
import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.EmbeddedBroker;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.PartitionProgress;
import dev.precept.runs.RunControl;
import dev.precept.runs.WorkFolderRun;
import dev.precept.runtime.RunFile;
import dev.precept.runtime.WorkFolder;
import dev.precept.runtime.metrics.MetricsServer;
import dev.precept.schemas.Topics;
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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A run of a work folder whose Kafka is not embedded, and a console over it. */
public final class RunSite implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final WorkFolder work;
    private final KafkaAccess kafka;
    private final Console console;

    /** @param started whether its first process has registered it and reported progress */
    public RunSite(
            Path folder, EmbeddedBroker broker, MetricsServer metrics, String name, boolean readOnly, boolean started)
            throws Exception {
        this(folder, broker, metrics, name, readOnly, started, Duration.ofSeconds(30));
    }

    /** @param rest how long the status of a stopped run counts once a page is opened */
    RunSite(
            Path folder,
            EmbeddedBroker broker,
            MetricsServer metrics,
            String name,
            boolean readOnly,
            boolean started,
            Duration rest)
            throws Exception {
        work = new WorkFolder(folder.resolve(name));
        work.prepare();
        ObjectNode recipe =
                JSON.createObjectNode().put("dataset", folder.resolve("dataset").toString());
        recipe.putObject("kafka").put("bootstrap.servers", broker.address());
        recipe.putObject("metrics").put("port", URI.create(metrics.url()).getPort());
        RunFile run = new RunFile(
                name, name, 1, Map.of("generator.model", "small", "judge.model", "large"), recipe.toString(), folder);
        run.write(work);
        kafka = run.access(work, broker.address(), Map.of());
        if (started) {
            register(name);
        }
        console = Console.open(
                new ConsoleSettings("127.0.0.1", 0, Optional.empty(), Optional.empty(), readOnly),
                name,
                Optional.empty(),
                List.of(new Console.Extension("run", new RunRoutes(WorkFolderRun.open(work.root()), rest).routes())));
    }

    private void register(String name) throws Exception {
        DatasetTopics.ensure(kafka, (short) 1);
        kafka.serdes().registry().register(kafka.namespace());
        try (RunControl control = new RunControl(kafka, name)) {
            control.register("{\"generator.model\":\"small\"}", 1, null);
        }
        progress(7, 1);
    }

    /** What a process of the run reports: so many of 20 slots have ended. */
    void progress(long accepted, long rejected) throws Exception {
        try (Producer<String, SpecificRecord> producer = kafka.producer("progress")) {
            producer.send(new ProducerRecord<>(
                            kafka.namespace().name(Topics.PROGRESS),
                            kafka.namespace() + "|0",
                            PartitionProgress.newBuilder()
                                    .setRunId(name())
                                    .setPartition(0)
                                    .setSlots(20)
                                    .setAccepted(accepted)
                                    .setRejected(Map.of("LOW_SCORE", rejected))
                                    .setInvalid(Map.of())
                                    .setInFlight(Map.of("JUDGING", 20 - accepted - rejected))
                                    .setReplayed(0)
                                    .setStale(0)
                                    .setPromptsRead(20)
                                    .setSources(1)
                                    .setComplete(false)
                                    .setAsOf(Instant.now())
                                    .build()))
                    .get();
        }
    }

    private String name() {
        return String.valueOf(work.root().getFileName());
    }

    /** Its lock is held by a process of the run. */
    public WorkFolder work() {
        return work;
    }

    public String url() {
        return console.url();
    }

    RunControl.ControlSettings control() {
        try (RunControl control = new RunControl(kafka, name())) {
            return control.settings();
        }
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(console.url() + path));
    }

    JsonNode run() throws IOException, InterruptedException {
        return JSON.readTree(client.send(request("/api/run").build(), HttpResponse.BodyHandlers.ofString())
                .body());
    }

    HttpResponse<String> post(String action) throws IOException, InterruptedException {
        return client.send(
                request("/api/run/" + action)
                        .header("x-precept", "1")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** The first event of a browser. */
    JsonNode followed() throws IOException, InterruptedException {
        HttpResponse<InputStream> events =
                client.send(request("/api/run/events").build(), HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(events.body(), StandardCharsets.UTF_8))) {
            return event(lines);
        }
    }

    /** The data of the next event. */
    static JsonNode event(BufferedReader lines) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("data: ")) {
                return JSON.readTree(line.substring("data: ".length()));
            }
        }
        throw new AssertionError("the stream has ended");
    }

    @Override
    public void close() {
        console.close();
        client.close();
    }
}
