package dev.precept.runtime.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.precept.config.ConfigurationException;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Serves the metrics of a process in Prometheus format at {@code /metrics}, and its health at {@code /live} and
 * {@code /ready}: 200, or 503 with the problem in one line. {@code /started} is always 200: an orchestrator kills a container
 * whose startup probe fails for long, and a process that waits for Kafka, a grant or its run must not be killed. {@code /}
 * lists these paths.
 */
public final class MetricsServer implements AutoCloseable {
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private static final String PATHS = """
            /metrics  metrics in Prometheus format
            /live     503 if a loop of this process has stopped
            /ready    503 if this process waits, with the reason
            /started  200 once this server is up
            """;

    private final ProcessMeters meters;
    private final HttpServer server;

    private MetricsServer(HttpServer server, ProcessMeters meters) {
        this.server = server;
        this.meters = meters;
    }

    /**
     * Starts the server.
     *
     * @param host the interface to listen on
     * @param port 0 for any free one
     * @param health of the process
     * @throws ConfigurationException if the port is in use
     */
    public static MetricsServer open(String host, int port, Health health) {
        return open(host, port, health, Map.of());
    }

    /** Starts a server that adds labels to all metrics; a metric's own label takes precedence. */
    public static MetricsServer open(String host, int port, Health health, Map<String, String> labels) {
        ProcessMeters meters = new ProcessMeters(labels);
        try {
            return open(host, port, health, meters);
        } catch (RuntimeException e) {
            meters.close();
            throw e;
        }
    }

    /** Starts a server for the meters of a process, which it closes. */
    public static MetricsServer open(String host, int port, Health health, ProcessMeters meters) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(host), port), 0);
            MetricsServer metricsServer = new MetricsServer(server, meters);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", MetricsServer::respondWithPaths);
            server.createContext("/metrics", exchange -> respond(exchange, 200, meters.scrape()));
            metricsServer.serveProbe("/live", health::livenessProblem);
            metricsServer.serveProbe("/ready", health::readinessProblem);
            metricsServer.serveProbe("/started", Optional::empty);
            server.start();
            return metricsServer;
        } catch (BindException e) {
            throw new ConfigurationException("metrics.port: " + host + ":" + port + " cannot be opened ("
                    + e.getMessage() + "); choose another, or 0 to serve no metrics");
        } catch (IOException e) {
            throw new ConfigurationException(
                    "metrics.host: " + host + " is not an address of this machine (" + e.getMessage() + ")");
        }
    }

    /** The paths, as an answer to {@code /}, or as help for one that does not exist. */
    private static void respondWithPaths(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        respond(exchange, path.equals("/") ? 200 : 404, PATHS);
    }

    private void serveProbe(String path, Supplier<Optional<String>> problem) {
        server.createContext(path, exchange -> {
            Optional<String> found = problem.get();
            respond(exchange, found.isEmpty() ? 200 : 503, found.orElse("ok") + "\n");
        });
    }

    /** The registry of the served metrics. */
    public MeterRegistry meters() {
        return meters.registry();
    }

    public String url() {
        return "http://" + server.getAddress().getHostString() + ":"
                + server.getAddress().getPort();
    }

    private static void respond(HttpExchange exchange, int status, String text) throws IOException {
        try (exchange) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", PROMETHEUS_TEXT);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        meters.close();
    }
}
