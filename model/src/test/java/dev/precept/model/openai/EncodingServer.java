package dev.precept.model.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A server whose answer depends on the fields of the request. */
final class EncodingServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param type of the content */
    record Answer(int status, String type, String body) {
        static Answer good(String body) {
            return new Answer(200, "application/json", body);
        }

        static Answer refusal(int status, String body) {
            return new Answer(status, "application/json", body);
        }
    }

    private final HttpServer server =
            HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    private final List<String> queries = new CopyOnWriteArrayList<>();
    private final List<Headers> headers = new CopyOnWriteArrayList<>();

    EncodingServer(Function<JsonNode, Answer> answers) throws IOException {
        server.createContext("/", exchange -> handle(exchange, answers));
        server.start();
    }

    private void handle(HttpExchange exchange, Function<JsonNode, Answer> answers) throws IOException {
        try (exchange) {
            JsonNode request = parse(exchange.getRequestBody().readAllBytes());
            requests.add(request);
            queries.add(String.valueOf(exchange.getRequestURI().getRawQuery()));
            headers.add(exchange.getRequestHeaders());
            Answer answer = answers.apply(request);
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.type());
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static JsonNode parse(byte[] body) throws JsonProcessingException {
        return JSON.readTree(new String(body, StandardCharsets.UTF_8));
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    List<JsonNode> requests() {
        return requests;
    }

    JsonNode lastRequest() {
        return requests.getLast();
    }

    String lastQuery() {
        return queries.getLast();
    }

    Headers lastHeaders() {
        return headers.getLast();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
