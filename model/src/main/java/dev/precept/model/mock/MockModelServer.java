package dev.precept.model.mock;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mock model: a chat-completions server without a model. It quotes the clause of the request that applies and
 * answers in its style; a request for JSON is judged. Every answer is marked as one of the mock model. Thread-safe.
 */
public final class MockModelServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MockModelServer.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BACKLOG = 1024;
    private static final String LOOPBACK = "127.0.0.1";

    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Map<Long, Integer> callsByBody = new ConcurrentHashMap<>();
    private final FaultInjection faultInjection;
    private final MockModel model;

    private MockModelServer(
            HttpServer server, FaultInjection faultInjection, MistakeRates mistakeRates, ClauseHints hints) {
        this.server = server;
        this.faultInjection = faultInjection;
        this.model = new MockModel(mistakeRates, hints);
    }

    /** Starts on the loopback interface with the default mistakes. */
    public static MockModelServer start(int port, FaultInjection faultInjection) throws IOException {
        return start(port, faultInjection, MistakeRates.usual());
    }

    /**
     * @param port 0 for any free port
     * @throws IOException if the port is taken
     */
    public static MockModelServer start(int port, FaultInjection faultInjection, MistakeRates mistakeRates)
            throws IOException {
        return start(LOOPBACK, port, faultInjection, mistakeRates, ClauseHints.starter());
    }

    /** As {@link #start(int, FaultInjection, MistakeRates)}, for another specification than the starter's. */
    static MockModelServer start(FaultInjection faultInjection, MistakeRates mistakeRates, ClauseHints hints)
            throws IOException {
        return start(LOOPBACK, 0, faultInjection, mistakeRates, hints);
    }

    /** Starts on the given interface with the default mistakes. */
    public static MockModelServer start(String host, int port, FaultInjection faultInjection) throws IOException {
        return start(host, port, faultInjection, MistakeRates.usual(), ClauseHints.starter());
    }

    private static MockModelServer start(
            String host, int port, FaultInjection faultInjection, MistakeRates mistakeRates, ClauseHints hints)
            throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(host), port), BACKLOG);
        MockModelServer mockModel = new MockModelServer(server, faultInjection, mistakeRates, hints);
        server.setExecutor(mockModel.executor);
        server.createContext("/", mockModel::handle);
        server.start();
        LOG.atInfo().addKeyValue("url", mockModel.url()).log("mock model started");
        return mockModel;
    }

    /** The base URL to give to a client. */
    public String url() {
        return "http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort() + "/v1";
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            switch (exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath()) {
                case "GET /v1/models" ->
                    json(
                            exchange,
                            200,
                            "{\"object\":\"list\",\"data\":[{\"id\":\"mock-model\",\"object\":\"model\"}]}");
                case "POST /v1/chat/completions" -> complete(exchange, new String(body, StandardCharsets.UTF_8));
                default -> error(exchange, 404, "no such path; the base URL ends in /v1");
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void complete(HttpExchange exchange, String text) throws IOException, InterruptedException {
        JsonNode request;
        try {
            request = JSON.readTree(text);
        } catch (JsonProcessingException broken) {
            error(exchange, 400, "the body is not JSON");
            return;
        }
        long body = SeededChoice.hash64(text);
        int nth = callsByBody.merge(body, 1, Integer::sum) - 1;
        Thread.sleep(faultInjection.delay(body, nth));
        Optional<FaultInjection.Kind> fault = faultInjection.faultFor(body, nth);
        if (fault.isPresent()) {
            fail(exchange, fault.get(), request, body);
        } else {
            answer(exchange, request, MockModel.response(request, model.complete(request), body));
        }
    }

    private static void answer(HttpExchange exchange, JsonNode request, ObjectNode response) throws IOException {
        if (request.path("stream").asBoolean(false)) {
            boolean usage = request.path("stream_options").path("include_usage").asBoolean(false);
            MockStream.send(exchange, response, usage);
        } else {
            json(exchange, 200, response.toString());
        }
    }

    private void fail(HttpExchange exchange, FaultInjection.Kind fault, JsonNode request, long body)
            throws IOException, InterruptedException {
        MockCompletion mockCompletion = model.complete(request);
        switch (fault) {
            case RATE_LIMITED -> {
                exchange.getResponseHeaders().set("Retry-After", "1");
                error(exchange, 429, "too many requests");
            }
            case SERVER_ERROR -> error(exchange, 500, "internal error");
            case OVERLOADED -> error(exchange, 503, "overloaded");
            case RESET -> exchange.close();
            case HANG -> closing.await();
            case HTML -> send(exchange, 200, "text/html", "<html><body>gateway</body></html>");
            case BAD_JSON -> {
                String whole = MockModel.response(request, mockCompletion, body).toString();
                json(exchange, 200, whole.substring(0, whole.length() / 2));
            }
            case TRUNCATE -> {
                MockCompletion cut = mockCompletion.truncatedTo(mockCompletion.tokens() / 2);
                answer(exchange, request, MockModel.response(request, cut, body));
            }
        }
    }

    private static void error(HttpExchange exchange, int status, String message) throws IOException {
        json(exchange, status, "{\"error\":{\"message\":\"" + message + "\",\"type\":\"mock-model\"}}");
    }

    private static void json(HttpExchange exchange, int status, String body) throws IOException {
        send(exchange, status, "application/json", body);
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** Stops at once; calls in flight end without a response. */
    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        executor.shutdownNow();
        executor.close();
    }
}
