package dev.precept.workers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A model server on the loopback interface whose answers a test writes. */
final class ScriptedModel implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    private volatile Function<JsonNode, Said> script = request -> new Said(500, "nothing was written yet");

    /** A status and a body. */
    record Said(int status, String body) {
        /** A completion that stopped by itself. */
        static Said completion(String reasoning, String content) {
            var message = JSON.createObjectNode()
                    .put("role", "assistant")
                    .put("reasoning_content", reasoning)
                    .put("content", content);
            var body = JSON.createObjectNode().put("model", "scripted-1");
            body.putArray("choices").addObject().put("finish_reason", "stop").set("message", message);
            body.putObject("usage").put("prompt_tokens", 100).put("completion_tokens", 20);
            return new Said(200, body.toString());
        }
    }

    ScriptedModel() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.setExecutor(threads);
        server.createContext("/v1/chat/completions", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    void says(Function<JsonNode, Said> what) {
        script = what;
        requests.clear();
    }

    /** The bodies of all requests since the script was set, in the order of their coming. */
    List<JsonNode> requests() {
        return requests;
    }

    /** The words of a request of one user message. */
    static String words(JsonNode request) {
        return request.at("/messages/0/content").asText();
    }

    private void answer(HttpExchange exchange) throws IOException {
        JsonNode request = JSON.readTree(exchange.getRequestBody());
        requests.add(request);
        Said said = script.apply(request);
        byte[] body = said.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(said.status(), body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
