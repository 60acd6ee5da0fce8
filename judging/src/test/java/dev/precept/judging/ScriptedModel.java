package dev.precept.judging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.precept.model.Sampling;
import dev.precept.model.pricing.Price;
import dev.precept.model.resilience.RateLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A model server on the loopback interface whose answers a test writes. */
public final class ScriptedModel implements AutoCloseable {
    /** What a judge says; the score is to be filled in. */
    public static final String VOTE = """
            {"criteria": {"correctness": 9, "helpfulness": 9, "compliance": 9, "reasoning": 9}, "score": %d,
             "response_style": "comply", "reason": "Fine."}""";

    public static final Duration CALL_TIMEOUT = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    private volatile Function<JsonNode, ScriptedReply> script =
            request -> new ScriptedReply(500, "nothing was written yet");

    /** A status and a body. */
    public record ScriptedReply(int status, String body) {
        /** A completion that stopped by itself. */
        public static ScriptedReply completion(String reasoning, String content) {
            var message = JSON.createObjectNode()
                    .put("role", "assistant")
                    .put("reasoning_content", reasoning)
                    .put("content", content);
            var body = JSON.createObjectNode().put("model", "scripted-1");
            body.putArray("choices").addObject().put("finish_reason", "stop").set("message", message);
            body.putObject("usage").put("prompt_tokens", 100).put("completion_tokens", 20);
            return new ScriptedReply(200, body.toString());
        }
    }

    public ScriptedModel() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        server.setExecutor(threads);
        server.createContext("/v1/chat/completions", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    /** How a worker asks this model. */
    public EndpointSettings endpoint(int concurrency) {
        return new EndpointSettings(
                Map.of(url(), 1),
                "r1",
                concurrency,
                CALL_TIMEOUT,
                null,
                new Sampling(0.6, null, null, 512),
                RateLimits.UNLIMITED,
                new Price(1, 2));
    }

    public void script(Function<JsonNode, ScriptedReply> what) {
        script = what;
        requests.clear();
    }

    /** The bodies of all requests since the script was set, in the order of their coming. */
    public List<JsonNode> requests() {
        return requests;
    }

    /** The words of a request of one user message. */
    public static String words(JsonNode request) {
        return request.at("/messages/0/content").asText();
    }

    private void answer(HttpExchange exchange) throws IOException {
        JsonNode request = JSON.readTree(exchange.getRequestBody());
        requests.add(request);
        ScriptedReply scriptedReply = script.apply(request);
        byte[] body = scriptedReply.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(scriptedReply.status(), body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
