package dev.precept.cli.command;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.precept.judging.RoleProbe;
import dev.precept.model.mock.FaultInjection;
import dev.precept.model.mock.MockModelServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A proxy before a model, by default the mock model, that counts the calls of tasks and repeated calls. It can be set to
 * fail.
 */
final class CallCountingModel implements AutoCloseable {
    private static final String CALLS = "/v1/chat/completions";

    private final String model;
    private final AutoCloseable behind;
    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Integer> calls = new ConcurrentHashMap<>();
    private final Set<String> answered = ConcurrentHashMap.newKeySet();
    private final AtomicInteger answeredAgain = new AtomicInteger();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger answersLeft = new AtomicInteger(Integer.MAX_VALUE);

    private CallCountingModel(String model, AutoCloseable behind, HttpServer server) {
        this.model = model;
        this.behind = behind;
        this.server = server;
    }

    static CallCountingModel start(FaultInjection faultInjection) throws IOException {
        MockModelServer mockModel = MockModelServer.start(0, faultInjection);
        return before(mockModel.url(), mockModel);
    }

    /**
     * Counts the calls to another server.
     *
     * @param url of the server, as in a recipe
     * @param behind closed with the proxy
     */
    static CallCountingModel before(String url, AutoCloseable behind) throws IOException {
        CallCountingModel counted = new CallCountingModel(
                url, behind, HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024));
        counted.server.setExecutor(counted.threads);
        counted.server.createContext("/", counted::pass);
        counted.server.start();
        return counted;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    int calls() {
        return calls.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Distinct calls. */
    int different() {
        return calls.size();
    }

    /** Calls repeated after their response was delivered. */
    int answeredAgain() {
        return answeredAgain.get();
    }

    int inFlight() {
        return inFlight.get();
    }

    /** Answers this many more calls, then fails all calls. */
    void answerOnly(int more) {
        answersLeft.set(more);
    }

    void answerAll() {
        answerOnly(Integer.MAX_VALUE);
    }

    /** Whether calls fail now. */
    boolean fails() {
        return answersLeft.get() <= 0;
    }

    /** Request bodies of all calls, answered or not. */
    Set<String> bodies() {
        return Set.copyOf(calls.keySet());
    }

    /** Resets the counters. */
    void reset() {
        calls.clear();
        answered.clear();
        answeredAgain.set(0);
    }

    private void pass(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] body = exchange.getRequestBody().readAllBytes();
        String text = new String(body, StandardCharsets.UTF_8);
        boolean call = path.equals(CALLS) && !isProbe(text);
        if (call) {
            calls.merge(text, 1, Integer::sum);
            if (answered.contains(text)) {
                answeredAgain.incrementAndGet();
            }
            inFlight.incrementAndGet();
        }
        try (exchange) {
            if (call && answersLeft.getAndDecrement() <= 0) {
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            HttpRequest request = HttpRequest.newBuilder(URI.create(model.replace("/v1", "") + path))
                    .header("Content-Type", "application/json")
                    .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(response.statusCode(), response.body().length);
            exchange.getResponseBody().write(response.body());
            exchange.getResponseBody().close();
            if (call) {
                answered.add(text);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } finally {
            if (call) {
                inFlight.decrementAndGet();
            }
        }
    }

    /** A start asks each endpoint one question that belongs to no task. */
    static boolean isProbe(String body) {
        return Arrays.stream(RoleProbe.values()).anyMatch(probe -> body.contains(probe.question()));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        client.shutdownNow();
        try {
            behind.close();
        } catch (Exception e) {
            throw new IllegalStateException("the server behind the counter", e);
        }
    }
}
