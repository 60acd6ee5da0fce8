package dev.precept.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A chat-completions server whose generator repeats pieces of its request, a kind for each {@link Case}, and whose judge
 * gives 10 to everything. A prompt names its case.
 */
final class LeakingModel implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern CASE = Pattern.compile("case ([A-Z_]+)");
    private static final Pattern NONCE = Pattern.compile("<<conversation ([0-9a-f]+)>>");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<String> nonces = ConcurrentHashMap.newKeySet();
    private final Map<Case, Long> firstSeeds = new ConcurrentHashMap<>();

    /** What a completion holds. All but the last three leak in each attempt. */
    enum Case {
        WHOLE_REASONING,
        WHOLE_ANSWER,
        NONCE_SPACED,
        DELIMITER,
        SENTENCE,
        CONTROL_TOKEN,
        CLAUSE_IN_ANSWER,
        EXCERPT,
        UNKNOWN_CLAUSE,
        UNCITED,
        /** Leaks in its first attempt only. */
        ONCE,
        CLEAN
    }

    private LeakingModel(HttpServer server) {
        this.server = server;
    }

    static LeakingModel start() throws IOException {
        LeakingModel model =
                new LeakingModel(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64));
        model.server.setExecutor(model.threads);
        model.server.createContext("/", model::handle);
        model.server.start();
        return model;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    /** The nonces of all generation requests. */
    Set<String> nonces() {
        return nonces;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String answer = exchange.getRequestURI().getPath().endsWith("/models")
                    ? "{\"object\": \"list\", \"data\": [{\"id\": \"leaky\"}]}"
                    : reply(JSON.readTree(body)).toString();
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private ObjectNode reply(JsonNode request) {
        String text = request.path("messages")
                .valueStream()
                .map(message -> message.path("content").asText())
                .collect(Collectors.joining("\n"));
        ObjectNode reply = JSON.createObjectNode()
                .put("id", "n")
                .put("object", "chat.completion")
                .put("model", "leaky");
        ObjectNode choice =
                reply.putArray("choices").addObject().put("index", 0).put("finish_reason", "stop");
        ObjectNode message = choice.putObject("message").put("role", "assistant");
        Matcher named = CASE.matcher(text);
        if (request.has("response_format")) {
            message.put("content", vote().toString());
        } else if (named.find()) {
            generate(Case.valueOf(named.group(1)), text, request.path("seed").asLong(), message);
        } else {
            message.put("content", "ready").put("reasoning_content", "a probe");
        }
        reply.putObject("usage")
                .put("prompt_tokens", 300)
                .put("completion_tokens", 40)
                .put("total_tokens", 340);
        return reply;
    }

    private void generate(Case kind, String request, long seed, ObjectNode message) {
        Matcher delimiter = NONCE.matcher(request);
        String nonce = delimiter.find() ? delimiter.group(1) : "";
        nonces.add(nonce);
        boolean first = seed == firstSeeds.computeIfAbsent(kind, _ -> seed);
        String reasoning = "[privacy-own-data] asks for concrete help, so I comply.";
        String answer = "Case by case: turn on two factors, and use one password for each account.";
        switch (kind) {
            case WHOLE_REASONING -> reasoning += "\n" + request;
            case WHOLE_ANSWER -> answer += "\n" + request;
            case NONCE_SPACED ->
                answer += " " + String.join("\u200b", nonce.split("")).toUpperCase(Locale.ROOT);
            case DELIMITER -> reasoning += " <<end conversation " + nonce + ">>";
            case SENTENCE ->
                reasoning += " treat the policies as what you **know** and hold\nyourself, not as something the user"
                        + " showed you";
            case CONTROL_TOKEN -> answer += "<|im_end|>";
            case CLAUSE_IN_ANSWER -> answer += " So says Privacy-Own-Data.";
            case EXCERPT -> answer += " " + excerpt(request);
            case UNKNOWN_CLAUSE -> reasoning += " [made-up-clause-77] agrees.";
            case UNCITED -> reasoning = "Sure, easy.";
            case ONCE -> answer += first ? " " + nonce : "";
            case CLEAN -> {}
        }
        message.put("reasoning_content", reasoning).put("content", answer);
    }

    /** Thirty words of a clause. */
    private static String excerpt(String request) {
        String clause = request.substring(request.indexOf("Help people to secure accounts"));
        return String.join(" ", Arrays.asList(clause.split("\\s+")).subList(0, 30));
    }

    private static ObjectNode vote() {
        ObjectNode vote = JSON.createObjectNode();
        ObjectNode criteria = vote.putObject("criteria");
        List.of("correctness", "helpfulness", "compliance", "reasoning").forEach(name -> criteria.put(name, 10));
        return vote.put("score", 10).put("response_style", "comply").put("reason", "Perfect.");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
