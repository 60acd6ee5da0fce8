package dev.precept.cli.nemesis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.precept.cli.nemesis.Workload.Fate;
import dev.precept.testkit.Seed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * A chat-completions server that answers the prompts of a {@link Workload} with faults: refusals, broken and late answers. It
 * lives outside the processes that are killed, and counts what it is asked again. It can be paced and shut off.
 */
final class NumberedModel implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<Fault> FAULTS = List.of(Fault.values());
    private static final long MAX_HELD_MILLIS = 6_000;

    private final Workload workload;
    private final long seed;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Map<String, Integer> callsByBody = new ConcurrentHashMap<>();
    private final Set<String> answeredBodies = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Long> firstSeeds = new ConcurrentHashMap<>();
    private final Queue<String> foreign = new ConcurrentLinkedQueue<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger answeredAgain = new AtomicInteger();
    private final AtomicLong lastAnswer = new AtomicLong(System.nanoTime());
    private final AtomicLong longestSilence = new AtomicLong();
    private volatile int pace = Integer.MAX_VALUE;
    private volatile int latencyMillis = 150;
    private volatile boolean faulty = true;
    private volatile boolean off;

    private enum Fault {
        NONE,
        RATE_LIMITED,
        SERVER_ERROR,
        OVERLOADED,
        RESET,
        HTML,
        HALF,
        LATE
    }

    private NumberedModel(Workload workload, long seed, HttpServer server) {
        this.workload = workload;
        this.seed = seed;
        this.server = server;
    }

    static NumberedModel start(Workload workload, long seed) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        NumberedModel model = new NumberedModel(workload, seed, server);
        server.setExecutor(model.threads);
        server.createContext("/", model::handle);
        server.start();
        return model;
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Answers about this many calls quickly; later ones are held for some seconds. */
    void pace(int answers) {
        pace = answers;
    }

    /** Answers after a few milliseconds, so that the roles are as busy as they can be. */
    void hurry() {
        pace = Integer.MAX_VALUE;
        latencyMillis = 5;
    }

    /** Answers without delay and without faults from now on. */
    void calm() {
        pace = Integer.MAX_VALUE;
        latencyMillis = 2;
        faulty = false;
    }

    void shutOff(boolean now) {
        off = now;
    }

    int calls() {
        return calls.get();
    }

    int answered() {
        return answered.get();
    }

    /** Calls repeated although their answer was delivered. */
    int answeredAgain() {
        return answeredAgain.get();
    }

    /** The longest time without an answer, in milliseconds. */
    long longestSilenceMillis() {
        return TimeUnit.NANOSECONDS.toMillis(longestSilence.get());
    }

    /** Judged completions that this model never made for their prompt. */
    List<String> foreign() {
        return List.copyOf(foreign);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (off) {
                send(exchange, 503, "application/json", "{\"error\":{\"message\":\"shut off\"}}");
            } else if (exchange.getRequestURI().getPath().endsWith("/models")) {
                send(
                        exchange,
                        200,
                        "application/json",
                        "{\"object\":\"list\",\"data\":[{\"id\":\"" + Workload.MODEL + "\"}]}");
            } else {
                complete(exchange, body);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void complete(HttpExchange exchange, String body) throws IOException, InterruptedException {
        JsonNode request = JSON.readTree(body);
        int nth = callsByBody.merge(body, 1, Integer::sum) - 1;
        boolean task = Workload.number(request.path("messages").toString()).isPresent(); // else the probe of a start
        if (task) {
            calls.incrementAndGet();
        }
        if (task && answeredBodies.contains(body)) {
            answeredAgain.incrementAndGet();
        }
        RandomGenerator random = Seed.random(seed ^ (body.hashCode() * 31L + nth));
        Fault fault = faulty ? fault(random) : Fault.NONE;
        hold(fault == Fault.LATE ? 3_000 : latencyMillis + random.nextInt(latencyMillis + 1));
        String reply = reply(request).toString();
        switch (fault) {
            case RATE_LIMITED -> {
                exchange.getResponseHeaders().set("Retry-After", "1");
                send(exchange, 429, "application/json", "{\"error\":{\"message\":\"too many requests\"}}");
            }
            case SERVER_ERROR -> send(exchange, 500, "text/html", "<html>internal error</html>");
            case OVERLOADED -> send(exchange, 503, "application/json", "{\"error\":{\"message\":\"overloaded\"}}");
            case RESET -> exchange.close();
            case HTML -> send(exchange, 200, "text/html", "<html>gateway</html>");
            case HALF -> send(exchange, 200, "application/json", reply.substring(0, reply.length() / 2));
            case NONE, LATE -> {
                send(exchange, 200, "application/json", reply);
                answeredBodies.add(body);
                answered.incrementAndGet();
                long now = System.nanoTime();
                long silence = now - lastAnswer.getAndSet(now);
                longestSilence.accumulateAndGet(silence, Math::max);
            }
        }
    }

    /** One call in seven fails; a repeated one seldom fails again. */
    private static Fault fault(RandomGenerator random) {
        int drawn = random.nextInt(50);
        return drawn < FAULTS.size() ? FAULTS.get(drawn) : Fault.NONE;
    }

    private void hold(long millis) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MAX_HELD_MILLIS);
        boolean over = closing.await(millis, TimeUnit.MILLISECONDS);
        while (!over && answered.get() >= pace && System.nanoTime() - deadline < 0) {
            over = closing.await(50, TimeUnit.MILLISECONDS);
        }
    }

    private ObjectNode reply(JsonNode request) {
        String text = request.path("messages").toString();
        boolean judging = request.has("response_format");
        ObjectNode reply = JSON.createObjectNode()
                .put("id", "n")
                .put("object", "chat.completion")
                .put("model", Workload.MODEL);
        ObjectNode choice =
                reply.putArray("choices").addObject().put("index", 0).put("finish_reason", "stop");
        ObjectNode message = choice.putObject("message").put("role", "assistant");
        Workload.number(text)
                .ifPresentOrElse(
                        number -> {
                            if (judging) {
                                message.put("content", vote(number, text).toString());
                            } else {
                                generate(number, request, choice, message);
                            }
                        },
                        () -> message.put("content", judging ? score(9).toString() : "ready")
                                .put("reasoning_content", "a probe"));
        reply.putObject("usage")
                .put("prompt_tokens", 300)
                .put("completion_tokens", 40)
                .put("total_tokens", 340);
        return reply;
    }

    private void generate(int number, JsonNode request, ObjectNode choice, ObjectNode message) {
        long callSeed = request.path("seed").asLong();
        boolean first = callSeed == firstSeeds.computeIfAbsent(number, _ -> callSeed);
        JsonNode limit = request.path(request.has("max_completion_tokens") ? "max_completion_tokens" : "max_tokens");
        message.put("reasoning_content", Workload.reasoning(number)).put("content", Workload.answer(number));
        switch (workload.fate(number)) {
            case LARGER -> {
                if (limit.asInt() <= Workload.SMALL_LIMIT) {
                    message.put("content", "");
                    choice.put("finish_reason", "length");
                }
            }
            case RETRIED -> {
                if (first) {
                    message.put("content", Workload.poorAnswer(number));
                }
            }
            case NO_REASONING -> message.remove("reasoning_content");
            case FILTERED -> {
                message.put("content", "");
                choice.put("finish_reason", "content_filter");
            }
            case SAMPLE, LOW_SCORE, DUPLICATE, NO_PROMPT -> {}
        }
    }

    private JsonNode vote(int number, String text) {
        boolean good = text.contains(Workload.answer(number));
        if (!good && !text.contains(Workload.poorAnswer(number))) {
            foreign.add("case " + number);
        }
        return score(good && workload.fate(number) != Fate.LOW_SCORE ? 9 : 2);
    }

    private static ObjectNode score(int score) {
        ObjectNode vote = JSON.createObjectNode();
        ObjectNode criteria = vote.putObject("criteria");
        List.of("correctness", "helpfulness", "compliance", "reasoning").forEach(name -> criteria.put(name, score));
        return vote.put("score", score).put("response_style", "comply").put("reason", "by its number");
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.getResponseBody().close();
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
