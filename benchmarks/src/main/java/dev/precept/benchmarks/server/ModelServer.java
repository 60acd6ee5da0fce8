package dev.precept.benchmarks.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.benchmarks.process.BenchmarkWorkspace;
import dev.precept.benchmarks.process.ChildJvm;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;

/** A {@link LatencyServer} in its own process. */
public final class ModelServer implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final ChildJvm process;
    private final String root;

    private ModelServer(ChildJvm process, String root) {
        this.process = process;
        this.root = root;
    }

    /**
     * Starts a server.
     *
     * @param marked numbers of the calls, from 1, at whose start the server records its occupancy so far
     */
    public static ModelServer start(BenchmarkWorkspace benchmarkWorkspace, Latency latency, Set<Long> marked)
            throws InterruptedException {
        return start(benchmarkWorkspace, latency, ServerLoad.NONE, marked);
    }

    /** Starts a server that queues calls or fails some of them. */
    public static ModelServer start(
            BenchmarkWorkspace benchmarkWorkspace, Latency latency, ServerLoad load, Set<Long> marked)
            throws InterruptedException {
        Object[] arguments =
                Stream.concat(Stream.of(latency, load), marked.stream()).toArray();
        ChildJvm process = benchmarkWorkspace.start(Main.class, "256m", arguments);
        return new ModelServer(process, "http://127.0.0.1:" + process.await("port", TIMEOUT));
    }

    /** Base URL for clients. */
    public String url() {
        return root + "/v1";
    }

    /** Drops all connections, and all new ones for a tenth of a second. */
    public void blip() {
        process.send("blip");
    }

    public long pid() {
        return process.pid();
    }

    /** The server's counters. */
    public ServerSnapshot snapshot() throws InterruptedException {
        process.requireAlive();
        HttpRequest request = HttpRequest.newBuilder(URI.create(root + "/stats"))
                .timeout(TIMEOUT)
                .build();
        try {
            HttpResponse<String> response = HTTP.send(request, BodyHandlers.ofString());
            return JSON.readValue(response.body(), ServerSnapshot.class);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the server's counters", e);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
