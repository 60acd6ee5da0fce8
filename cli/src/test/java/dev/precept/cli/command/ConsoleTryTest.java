package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.precept.cli.run.TriedPrompts;
import dev.precept.config.Recipe;
import dev.precept.console.Console;
import dev.precept.console.ConsoleSettings;
import dev.precept.console.attempt.AttemptRoutes;
import dev.precept.model.mock.FaultInjection;
import dev.precept.model.mock.MistakeRates;
import dev.precept.model.mock.MockModelServer;
import dev.precept.runtime.WorkFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A prompt of the console goes the way of a run: what happens is shown, what it costs is counted, and nothing is lost. */
@Timeout(60)
class ConsoleTryTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path ROOT =
            Path.of(System.getProperty("precept.root", ".")).toAbsolutePath();
    private static final String PROMPT = "{\"prompt\": \"A joke about my friend, please\", \"categories\":"
            + " [\"Harassment\"], \"effort\": \"low\"}";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger calls = new AtomicInteger();
    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicBoolean cut = new AtomicBoolean();
    private final AtomicBoolean pauses = new AtomicBoolean();
    private volatile int refusals;
    private volatile boolean holds;

    @SuppressWarnings("NullAway.Init")
    private MockModelServer model;

    @SuppressWarnings("NullAway.Init")
    private HttpServer busy;

    @BeforeEach
    void start() throws IOException {
        model = MockModelServer.start(0, FaultInjection.none(), MistakeRates.none());
        busy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        busy.setExecutor(threads);
        busy.createContext("/v1/chat/completions", this::pass);
        busy.start();
    }

    @AfterEach
    void stop() {
        released.countDown();
        busy.stop(0);
        threads.close();
        model.close();
        client.close();
    }

    /** Passes calls on to the mock model, after so many refusals. */
    private void pass(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        try (exchange) {
            if (calls.incrementAndGet() <= refusals) {
                exchange.sendResponseHeaders(429, -1);
                return;
            }
            if (holds) {
                released.await();
            }
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create(model.url() + "/chat/completions"))
                            .header("content-type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            String type = answer.headers().firstValue("content-type").orElseThrow();
            exchange.getResponseHeaders().set("content-type", type);
            exchange.sendResponseHeaders(answer.statusCode(), 0);
            pass(answer.body(), exchange.getResponseBody());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** As it is; or, once, after its beginning and a wait, or its beginning alone. */
    private void pass(String answer, OutputStream out) throws IOException, InterruptedException {
        int beginning = answer.indexOf("\n\n") + 2;
        boolean cuts = cut.getAndSet(false);
        if (cuts || pauses.getAndSet(false)) {
            out.write(answer.substring(0, beginning).getBytes(StandardCharsets.UTF_8));
            out.flush();
            if (cuts) {
                return;
            }
            released.await();
            out.write(answer.substring(beginning).getBytes(StandardCharsets.UTF_8));
        } else {
            out.write(answer.getBytes(StandardCharsets.UTF_8));
        }
    }

    private Console console(String budget) throws IOException {
        return console(", price: {prompt: 1, completion: 10}", budget);
    }

    private Console console(String price, String budget) throws IOException {
        Path file = folder.resolve("recipe.yaml");
        String url = "http://127.0.0.1:" + busy.getAddress().getPort() + "/v1";
        String text = "dataset: " + folder.resolve("dataset") + "\n"
                + "prompts: {files: [" + ROOT.resolve("starter/prompts/starter.jsonl") + "]}\n"
                + "spec: " + ROOT.resolve("starter/spec") + "\n"
                + "generator: {model: small, url: '" + url + "'" + price + "}\n"
                + "judge: {model: large, url: '" + url + "', votes: 2" + price + "}\n"
                + budget;
        Files.writeString(file, text);
        return Console.open(
                new ConsoleSettings("127.0.0.1", 0, Optional.empty(), Optional.empty(), false),
                "a test",
                Optional.empty(),
                List.of(new Console.Extension(
                        "try",
                        new AttemptRoutes(TriedPrompts.of(
                                        Recipe.parse("recipe.yaml", folder, text),
                                        new WorkFolder(folder.resolve("work")),
                                        Map.of()))
                                .routes())));
    }

    private record Event(String name, JsonNode data) {
        String text() {
            return data.path("text").asText();
        }
    }

    private HttpResponse<InputStream> send(Console console) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(console.url() + "/api/try"))
                        .header("x-precept", "1")
                        .POST(HttpRequest.BodyPublishers.ofString(PROMPT))
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
    }

    private static List<Event> events(InputStream body) throws IOException {
        return events(body, _ -> {});
    }

    /** @param each gets every event when it comes */
    private static List<Event> events(InputStream body, Consumer<Event> each) throws IOException {
        List<Event> events = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            String name = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event: ")) {
                    name = line.substring("event: ".length());
                } else if (line.startsWith("data: ")) {
                    events.add(new Event(name, JSON.readTree(line.substring("data: ".length()))));
                    each.accept(events.getLast());
                }
            }
        }
        return events;
    }

    private static List<Event> of(List<Event> events, String name) {
        return events.stream().filter(event -> event.name.equals(name)).toList();
    }

    private JsonNode setting(Console console) throws IOException, InterruptedException {
        return JSON.readTree(client.send(
                        HttpRequest.newBuilder(URI.create(console.url() + "/api/try"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body());
    }

    private HttpResponse<String> keep(Console console, String body) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(console.url() + "/api/try/keep"))
                        .header("x-precept", "1")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void whatCallsWithoutAPriceCostIsNotKnown() throws Exception {
        try (Console console = console("", "")) {
            assertThat(setting(console).path("spent_usd").asDouble(-1)).isZero();
            JsonNode spend = of(events(send(console).body()), "spend").getLast().data;
            assertThat(spend.path("prompt").asLong()).isPositive();
            assertThat(spend.path("usd").isNull()).isTrue();
            assertThat(setting(console).path("spent_usd").isNull()).isTrue();
        }
    }

    @Test
    void aPromptIsAnsweredJudgedAndKeptAlthoughTheServerIsBusy() throws Exception {
        refusals = 2;
        try (Console console = console("budget: {usd: 100}\n")) {
            List<Event> events = events(send(console).body());
            assertThat(of(events, "excerpt").getFirst().text()).contains("harassment");
            assertThat(of(events, "excerpt").getFirst().data.path("clauses").asInt())
                    .isPositive();
            assertThat(of(events, "state").stream().map(Event::text))
                    .anyMatch(text -> text.contains("generator failed once: too many requests (429)"))
                    .anyMatch(text -> text.contains("generator failed 2 times"));
            assertThat(of(events, "reasoning").getFirst().text()).isNotBlank();
            assertThat(of(events, "answer").getFirst().text()).isNotBlank();
            assertThat(of(events, "vote"))
                    .hasSize(2)
                    .allMatch(vote -> vote.data.path("score").isNumber());
            JsonNode spend = of(events, "spend").getLast().data;
            assertThat(spend.path("prompt").asLong()).isPositive();
            assertThat(spend.path("usd").asDouble()).isPositive();
            assertThat(setting(console).path("spent_usd").asDouble())
                    .isEqualTo(spend.path("usd").asDouble());
            assertThat(calls).hasValue(5);
            Event done = events.getLast();
            assertThat(done.name).isEqualTo("done");
            assertThat(done.text()).contains("A run would");
            keepsOnce(console, done.data.path("id").asText());
        }
        try (Console again = console("budget: {usd: 100}\n")) {
            assertThat(setting(again).path("spent_usd").asDouble()).isPositive();
        }
    }

    /** Sixteen at a time write one line. */
    private void keepsOnce(Console console, String id) throws Exception {
        String prompt = "{\"id\": \"" + id + "\", \"kind\": \"prompt\"}";
        String canary = "{\"id\": \"" + id + "\", \"kind\": \"canary\", \"expect\": \"keep\"}";
        List<CompletableFuture<Integer>> kept = new ArrayList<>();
        for (int n = 0; n < 16; n++) {
            String body = n % 2 == 0 ? prompt : canary;
            kept.add(CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return keep(console, body).statusCode();
                        } catch (IOException | InterruptedException e) {
                            throw new AssertionError(e);
                        }
                    },
                    threads));
        }
        assertThat(kept).allMatch(status -> status.join() == 201);
        Path files = folder.resolve("work/try");
        assertThat(JSON.readTree(Files.readString(files.resolve("prompts.jsonl")))
                        .path("prompt")
                        .asText())
                .isEqualTo("A joke about my friend, please");
        assertThat(Files.readAllLines(files.resolve("prompts.jsonl"))).hasSize(1);
        assertThat(Files.readAllLines(files.resolve("canaries.jsonl"))).hasSize(1);
        assertThat(keep(console, "{\"id\": \"other\", \"kind\": \"prompt\"}").statusCode())
                .isEqualTo(404);
        theNewestStatementAboutAnAnswerCounts(console, id, files.resolve("canaries.jsonl"));
    }

    private void theNewestStatementAboutAnAnswerCounts(Console console, String id, Path canaries) throws Exception {
        String edited = Files.readString(canaries).replace("\"id\":", "\"id\" : ");
        Files.writeString(canaries, edited + "\n{broken\n");
        String bad = "{\"id\": \"" + id + "\", \"kind\": \"canary\", \"expect\": \"turn-away\"}";
        assertThat(keep(console, bad).statusCode()).isEqualTo(201);
        List<String> lines = Files.readAllLines(canaries);
        assertThat(lines).hasSize(3).endsWith("", "{broken");
        assertThat(JSON.readTree(lines.getFirst()).path("expect").asText()).isEqualTo("turn-away");
    }

    @Test
    void categoriesThatAreNoListAreRefusedAndNotLeftOut() throws Exception {
        try (Console console = console("")) {
            for (String categories : List.of("\"Harassment\"", "[5]", "{\"a\": \"Harassment\"}")) {
                HttpResponse<String> refused = client.send(
                        HttpRequest.newBuilder(URI.create(console.url() + "/api/try"))
                                .header("x-precept", "1")
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\"prompt\": \"A joke\", \"categories\": " + categories + "}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
                assertThat(refused.body()).contains("categories: give a list of texts");
            }
            assertThat(calls).hasValue(0);
        }
    }

    @Test
    void theReasoningIsShownWhileItIsWrittenAndAgainAfterACut() throws Exception {
        cut.set(true);
        pauses.set(true);
        AtomicBoolean again = new AtomicBoolean();
        try (Console console = console("")) {
            List<Event> events = events(send(console).body(), event -> {
                again.compareAndSet(false, event.name.equals("again"));
                if (again.get() && event.name.equals("piece")) {
                    released.countDown(); // the answer of the second call goes on once its beginning is shown
                }
            });
            List<String> names = events.stream().map(Event::name).toList();
            assertThat(names).containsOnlyOnce("again", "reasoning", "answer", "done");
            assertThat(names.subList(0, names.indexOf("again"))).contains("piece");
            List<Event> second = events.subList(names.indexOf("again"), names.indexOf("reasoning"));
            String reasoning = String.join(
                    "",
                    of(second, "piece").stream()
                            .filter(piece -> piece.data.path("part").asText().equals("reasoning"))
                            .map(Event::text)
                            .toList());
            assertThat(reasoning.strip())
                    .isEqualTo(of(events, "reasoning").getFirst().text());
            assertThat(calls).hasValue(4);
        }
    }

    @Test
    void aPromptThatTheBudgetDoesNotCoverIsNotSent() throws Exception {
        Path spend = folder.resolve("work/try/spend-of-an-earlier-process.json");
        Files.createDirectories(spend.getParent());
        Files.writeString(spend, "{\"usd\": 0.15, \"tokens\": 1000}");
        try (Console console = console("budget: {usd: 0.2}\n")) {
            List<Event> events = events(send(console).body());
            assertThat(events.getLast().name).isEqualTo("problem");
            assertThat(events.getLast().text()).contains("budget");
            assertThat(calls).hasValue(0);
        }
    }

    @Test
    void aBrowserThatGoesAwayCancelsTheCallWhoseCostIsCounted() throws Exception {
        holds = true;
        try (Console console = console("")) {
            HttpResponse<InputStream> first = send(console);
            await("the call").atMost(Duration.ofSeconds(20)).until(() -> calls.get() == 1);
            first.body().close();
            await("the spend of the cancelled call")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> setting(console).path("spent_usd").asDouble() > 0);
            double spent = setting(console).path("spent_usd").asDouble();
            holds = false;
            List<Event> next = events(send(console).body());
            assertThat(next.getLast().name).isEqualTo("done");
            assertThat(setting(console).path("spent_usd").asDouble()).isGreaterThan(spent);
        }
    }
}
