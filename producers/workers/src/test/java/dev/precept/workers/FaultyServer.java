package dev.precept.workers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model server on a real socket, one request for each connection. It answers both roles correctly, except for
 * questions with a fault.
 */
final class FaultyServer implements AutoCloseable {
    /** The answer of a judge, with a placeholder for the score. */
    static final String SCORE = """
            {"criteria": {"correctness": 9, "helpfulness": 9, "compliance": 9, "reasoning": 9}, "score": %s,
             "response_style": "comply", "reason": "Fine."}""";

    private static final ObjectMapper JSON = new ObjectMapper();
    /** Calls that hold no question of a task. */
    static final String CONTROL = "control";

    private static final Pattern QUESTION = Pattern.compile("Question ((?:generator|judge)-\\w+)\\?");

    private final ServerSocket listener = new ServerSocket(0, 500, InetAddress.ofLiteral("127.0.0.1"));
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Plan> plans;
    private final Map<String, List<Long>> calls = new ConcurrentHashMap<>();

    /** The fault of the first calls for a question; later calls are answered correctly. */
    record Plan(ServerFault serverFault, int calls) {}

    FaultyServer(Map<String, Plan> plans) throws IOException {
        this.plans = Map.copyOf(plans);
        threads.execute(() -> {
            while (!listener.isClosed()) {
                accept();
            }
        });
    }

    /** The question that tells the server its id. */
    static String question(String id) {
        return "Question " + id + "?";
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort() + "/v1";
    }

    /** The time of each call for a question, by {@link System#nanoTime}. */
    List<Long> calls(String id) {
        return List.copyOf(calls.getOrDefault(id, List.of()));
    }

    /** A completion of the chat-completions API. */
    static ObjectNode completion(String finishReason, String reasoning, String content) {
        ObjectNode body = JSON.createObjectNode().put("model", "faulty-1");
        ObjectNode choice = body.putArray("choices").addObject().put("finish_reason", finishReason);
        choice.putObject("message")
                .put("role", "assistant")
                .put("reasoning_content", reasoning)
                .put("content", content);
        body.putObject("usage").put("prompt_tokens", 100).put("completion_tokens", 20);
        return body;
    }

    private void accept() {
        try {
            Socket socket = listener.accept();
            threads.execute(() -> serve(socket));
        } catch (IOException closed) {
            return;
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            JsonNode request = JSON.readTree(body(new BufferedInputStream(socket.getInputStream())));
            if (request.isMissingNode()) {
                return; // the client closed the connection without a request
            }
            Matcher matcher = QUESTION.matcher(request.path("messages")
                    .path(request.path("messages").size() - 1)
                    .path("content")
                    .asText());
            String question = matcher.find() ? matcher.group(1) : CONTROL;
            List<Long> soFar = calls.computeIfAbsent(question, id -> new CopyOnWriteArrayList<>());
            soFar.add(System.nanoTime());
            byte[] good = good(request).toString().getBytes(StandardCharsets.UTF_8);
            Plan plan = plans.get(question);
            if (plan != null && soFar.size() <= plan.calls()) {
                plan.serverFault().play(socket, good);
            } else {
                ServerFault.respond(socket, 200, ServerFault.JSON, good);
            }
        } catch (IOException clientClosed) {
            return;
        }
    }

    private static JsonNode good(JsonNode request) {
        return request.has("response_format")
                ? completion("stop", "", SCORE.formatted("9"))
                : completion("stop", "[kind] asks for kindness. Fine.", "Look at the sender.");
    }

    private static byte[] body(InputStream in) throws IOException {
        int length = 0;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        return in.readNBytes(length);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n' && c >= 0; c = in.read()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow();
    }
}
