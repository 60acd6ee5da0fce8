package dev.precept.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A chat-completions server that answers by a function of the request, after a fixed time. Counts what it has answered. */
final class EvaluatedModel implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final Function<JsonNode, Reply> answers;
    private final long latencyMillis;
    private final Map<String, Integer> served = new HashMap<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger mostInFlight = new AtomicInteger();

    /** Status and body of a response. */
    record Reply(int status, String body) {
        static Reply text(String content) {
            return text(content, "stop");
        }

        static Reply text(String content, String finishReason) {
            ObjectNode body = JSON.createObjectNode().put("id", "x").put("model", "m");
            ObjectNode choice = body.putArray("choices").addObject().put("index", 0);
            choice.put("finish_reason", finishReason)
                    .putObject("message")
                    .put("role", "assistant")
                    .put("content", content);
            body.putObject("usage").put("prompt_tokens", 100).put("completion_tokens", 10);
            return new Reply(200, body.toString());
        }

        static Reply error(int status, String message) {
            ObjectNode body = JSON.createObjectNode();
            body.putObject("error").put("message", message);
            return new Reply(status, body.toString());
        }
    }

    EvaluatedModel(long latencyMillis, Function<JsonNode, Reply> answers) throws IOException {
        this.answers = answers;
        this.latencyMillis = latencyMillis;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_024);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/models", exchange -> send(exchange, new Reply(200, "{\"data\": [{\"id\": \"m\"}]}")));
        server.createContext("/v1/chat/completions", this::complete);
        server.start();
    }

    /** The text of the last message. */
    static String question(JsonNode request) {
        JsonNode messages = request.path("messages");
        return messages.path(messages.size() - 1).path("content").asText();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    private void complete(HttpExchange exchange) throws IOException {
        byte[] request = exchange.getRequestBody().readAllBytes();
        mostInFlight.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
        try {
            Thread.sleep(latencyMillis);
            Reply reply = answers.apply(JSON.readTree(request));
            inFlight.decrementAndGet();
            if (reply.status() == 200) {
                synchronized (served) {
                    served.merge(new String(request, StandardCharsets.UTF_8), 1, Integer::sum);
                }
            }
            send(exchange, reply);
        } catch (InterruptedException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("content-type", "application/json");
        exchange.sendResponseHeaders(reply.status(), body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** Requests that were answered. */
    int answered() {
        synchronized (served) {
            return served.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    /** Requests that were answered more than once. */
    long answeredTwice() {
        synchronized (served) {
            return served.values().stream().filter(times -> times > 1).count();
        }
    }

    int mostInFlight() {
        return mostInFlight.get();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
