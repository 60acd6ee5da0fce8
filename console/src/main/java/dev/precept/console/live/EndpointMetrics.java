package dev.precept.console.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.runtime.metrics.MetricsSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The model servers of a run, from the metrics page of its process. Where the page cannot be reached, what the workers have
 * reported is shown, which has no durations. Thread-safe.
 */
final class EndpointMetrics {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final String LIMIT = "precept_endpoint_limit";
    private static final String IN_FLIGHT = "precept_endpoint_in_flight";
    private static final String BREAKER = "precept_endpoint_breaker_open";
    private static final String DURATION = "gen_ai_client_operation_duration_seconds_bucket";
    private static final int OK = 200;
    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    private final Optional<URI> page;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    EndpointMetrics(MetricsSettings settings) {
        this.page = settings.port() == 0
                ? Optional.empty()
                : Optional.of(URI.create("http://" + reachable(settings.host()) + ":" + settings.port() + "/metrics"));
    }

    /** A page on all interfaces is reached on this machine's own. */
    private static String reachable(String host) {
        return switch (host) {
            case "0.0.0.0", "::", "[::]", "" -> "127.0.0.1";
            default -> host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        };
    }

    /**
     * The endpoints of a running run.
     *
     * @param status as of {@link dev.precept.runs.RunStatus}
     */
    ArrayNode read(JsonNode status) throws InterruptedException {
        List<MetricLine> lines = new ArrayList<>();
        for (String line : text().lines().toList()) {
            MetricLine.parse(line).ifPresent(lines::add);
        }
        ArrayNode endpoints = JSON.createArrayNode();
        for (MetricLine limit : lines) {
            if (limit.name().equals(LIMIT)) {
                endpoints.add(endpoint(limit, lines));
            }
        }
        return endpoints.isEmpty() ? reported(status) : endpoints;
    }

    private String text() throws InterruptedException {
        if (page.isEmpty()) {
            return "";
        }
        try {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(page.get()).timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == OK ? response.body() : "";
        } catch (IOException e) {
            return ""; // not known: the process is on another machine, or is ending
        }
    }

    private static ObjectNode endpoint(MetricLine limit, List<MetricLine> lines) {
        URI url = URI.create(limit.label("endpoint"));
        int port = url.getPort() >= 0 ? url.getPort() : "https".equalsIgnoreCase(url.getScheme()) ? HTTPS : HTTP;
        LatencyHistogram latency = new LatencyHistogram();
        for (MetricLine line : lines) {
            if (line.name().equals(DURATION)
                    && line.label("role").equals(limit.label("role"))
                    && line.label("gen_ai_request_model").equals(limit.label("model"))
                    && line.label("server_address").equals(url.getHost())
                    && line.label("server_port").equals(String.valueOf(port))) {
                latency.add(bound(line.label("le")), line.value());
            }
        }
        ObjectNode json = JSON.createObjectNode();
        json.put("name", limit.label("endpoint") + " · " + limit.label("model"));
        json.put("role", limit.label("role"));
        json.put("open", of(BREAKER, limit, lines) > 0);
        json.put("in_flight", (long) of(IN_FLIGHT, limit, lines));
        json.put("limit", (long) limit.value());
        latency.describe(json);
        return json;
    }

    private static double of(String name, MetricLine same, List<MetricLine> lines) {
        return lines.stream()
                .filter(line -> line.name().equals(name) && line.labels().equals(same.labels()))
                .mapToDouble(MetricLine::value)
                .sum();
    }

    private static double bound(String le) {
        return le.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(le);
    }

    /** By worker, as far as the progress tells. */
    private static ArrayNode reported(JsonNode status) {
        ArrayNode endpoints = JSON.createArrayNode();
        status.path("workers").properties().forEach(worker -> {
            ObjectNode json = endpoints.addObject();
            json.put("name", worker.getKey());
            json.put("role", worker.getKey().replaceAll("[^a-z].*", ""));
            json.put("open", worker.getValue().path("outage").isTextual());
            json.set("in_flight", worker.getValue().path("calls_in_flight"));
            json.set("limit", worker.getValue().path("limit"));
            json.putNull("calls").putNull("p50").putNull("p99").putNull("latency");
        });
        return endpoints;
    }
}
