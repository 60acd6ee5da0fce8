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
import java.util.stream.Collectors;

/** A model server on the loopback interface with scripted answers. */
public final class ScriptedModel implements AutoCloseable {
    /** The answer of a judge, with a placeholder for the score. */
    public static final String VOTE = """
            {"criteria": {"correctness": 9, "helpfulness": 9, "compliance": 9, "reasoning": 9}, "score": %d,
             "response_style": "comply", "reason": "Fine."}""";

    public static final Duration CALL_TIMEOUT = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    private volatile Function<JsonNode, ScriptedReply> script = request -> new ScriptedReply(500, "no script");

    /** A status and a body. */
    public record ScriptedReply(int status, String body) {
        /** A completion that ended normally. */
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

    /** Settings for calls to this model. */
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

    public void script(Function<JsonNode, ScriptedReply> newScript) {
        script = newScript;
        requests.clear();
    }

    /** The bodies of all requests since the script was set, in order of arrival. */
    public List<JsonNode> requests() {
        return requests;
    }

    /** The text of all messages of a request. */
    public static String text(JsonNode request) {
        return request.path("messages")
                .valueStream()
                .map(message -> message.path("content").asText())
                .collect(Collectors.joining("\n\n"));
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
