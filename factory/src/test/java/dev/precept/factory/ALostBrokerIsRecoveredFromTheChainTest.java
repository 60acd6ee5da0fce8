package dev.precept.factory;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.precept.model.rehearsal.Faults;
import dev.precept.model.rehearsal.RehearsalServer;
import dev.precept.records.Message;
import dev.precept.runtime.ExitCode;
import dev.precept.runtime.WorkFolder;
import dev.precept.runtime.config.Recipe;
import dev.precept.schemas.ContentId;
import dev.precept.sinks.CommittedRun;
import dev.precept.sinks.Dataset;
import dev.precept.testkit.Oracle;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
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
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Part of the starter, with prompts that are asked twice and lines that cannot be asked: stopped half way, some of its last
 * commits not yet made, and Kafka lost. Recovered, it ends as a run that nothing happened to. The tests tell one story, in
 * order; the model is asked anew for everything, so that a call made twice is seen.
 */
@Tag("nemesis")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ALostBrokerIsRecoveredFromTheChainTest {
    private static final Path ROOT =
            Path.of(System.getProperty("precept.root", ".")).toAbsolutePath();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PROMPTS = 14;
    private static final int SAMPLES = 2;
    /** Of about 110 answers. */
    private static final int HALF = 60;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static RehearsalServer model;

    @SuppressWarnings("NullAway.Init")
    private static HttpServer witness;

    private static final AtomicInteger answersLeft = new AtomicInteger(Integer.MAX_VALUE);

    /** What the model was asked, in the words of the first message and the last. */
    private static final List<String> asked = Collections.synchronizedList(new ArrayList<>());

    /** A sample without the run that made it. */
    private record Made(String promptId, int slot, String reasoning, String answer) {}

    /** A slot that ended without one. */
    private record Missed(String slotId, String reason) {}

    @BeforeAll
    static void aCalmRunAndOneThatIsStopped() throws IOException, InterruptedException {
        List<String> prompts = new ArrayList<>(Files.readAllLines(ROOT.resolve("starter/prompts/starter.jsonl"))
                .subList(0, PROMPTS));
        prompts.add(prompts.get(1).replace("illicit-02", "illicit-02 again"));
        prompts.add("no prompt");
        Files.write(folder.resolve("some.jsonl"), prompts);
        model = RehearsalServer.start(0, Faults.none());
        witness = witness();
        Told calm = tell("run", "calm");
        assertThat(calm.code()).as(calm.out() + calm.err()).isZero();
        runHalfWay();
        cut();
        delete(work("lost").resolve("kafka"));
    }

    /** The model fails after some answers; when what they gave is committed, the run is stopped. */
    private static void runHalfWay() throws IOException, InterruptedException {
        Recipe recipe = RecipeFile.read(ROOT.resolve("starter/recipe.yaml"));
        recipe.override("prompts.files", List.of(folder.resolve("some.jsonl").toString()));
        recipe.overrideText("generator.url", url());
        recipe.overrideText("judge.url", url());
        recipe.override("generator.samples", String.valueOf(SAMPLES));
        recipe.override("generator.concurrency", "4"); // so that some slots are done while others have not begun
        recipe.override("cache", "false");
        recipe.overrideText("dataset", dataset("lost").toString());
        WorkFolder folder = new WorkFolder(work("lost"));
        folder.prepare();
        try (WorkFolder.Lock _ = folder.lock()) {
            Run run = new Run(
                    RunPlan.make(recipe, folder),
                    false,
                    new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                    false);
            CompletableFuture<ExitCode> ended = new CompletableFuture<>();
            answersLeft.set(HALF);
            Thread.ofPlatform().start(() -> {
                try {
                    ended.complete(run.toTheEnd(new ModelWait(Duration.ofSeconds(10), System.err)));
                } catch (IOException | InterruptedException | RuntimeException e) {
                    ended.completeExceptionally(e);
                }
            });
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> ended.isDone()
                            || (answersLeft.get() <= 0
                                    && Files.exists(dataset("lost").resolve("log"))
                                    && samples("lost").size() > 4));
            run.stop();
            assertThat(ended.join()).isEqualTo(ExitCode.WORK_LEFT);
        } finally {
            answersLeft.set(Integer.MAX_VALUE);
        }
    }

    @AfterAll
    static void stop() {
        witness.stop(0);
        model.close();
    }

    /** The sink was behind: of some partitions the last commit was not made, of samples and of rejections apart. */
    private static void cut() throws IOException {
        for (Path chain : below(dataset("lost").resolve("log"))) {
            String name = chain.getFileName().toString();
            int partition = name.charAt(name.length() - 1) - '0';
            if (partition % 4 == (name.startsWith("samples") ? 1 : 2)) {
                Files.delete(below(chain).getLast());
            }
        }
    }

    @Test
    @Order(1)
    void runSaysWhatTheWayIs() {
        assertThat(samples("lost"))
                .as("kept before the loss")
                .hasSizeBetween(2, samples("calm").size() - 2);
        Told told = tell("run", "lost");
        refused(told, "Kafka was lost", "precept recover");
    }

    @Test
    @Order(2)
    void itIsRefusedWhereItWouldBeWrong() throws IOException {
        refused(tell("recover", "calm"), "is finished and released; there is nothing to recover");
        refused(tell("recover", "lost", "--threshold", "3"), "judge.threshold was");
        Path first = below(dataset("lost").resolve("log")).stream()
                .flatMap(chain -> below(chain).stream())
                .findFirst()
                .orElseThrow();
        Path aside = first.resolveSibling(String.format("%020d.json", 1_000));
        Files.move(first, aside);
        refused(tell("recover", "lost"), "has a gap", "put it back");
        Files.move(aside, first);
    }

    @Test
    @Order(3)
    void theBooksAreThoseOfTheCommittedRows() throws IOException {
        Told told = tell("recover", "lost");
        assertThat(told.code()).as(told.err()).isZero();
        assertThat(told.out()).contains("rebuilt", "now give 'precept run'");
        JsonNode books = books("lost");
        assertThat(books.path("accepted").asInt()).isEqualTo(samples("lost").size());
        assertThat(books.path("slots").asInt() - books.path("in_flight").asInt())
                .isEqualTo(samples("lost").size() + rejections("lost").size());
        assertThat(books.path("calls").path("judge").asInt()).isPositive();
        assertThat(books.path("tokens").path("generator").path("completion").asInt())
                .isPositive();
        balanced(books);
    }

    @Test
    @Order(4)
    void asOftenAsItIsGiven() throws IOException {
        refused(tell("recover", "lost"), "Kafka is not lost", "give 'precept run'");
        JsonNode before = books("lost");
        delete(work("lost").resolve("kafka"));
        assertThat(tell("recover", "lost").code()).as("lost a second time").isZero();
        assertThat(books("lost")).isEqualTo(before);
        Files.delete(below(dataset("lost").resolve("runs")).getLast());
        assertThat(tell("recover", "lost").code()).as("killed before its end").isZero();
        assertThat(books("lost")).isEqualTo(before);
        assertThat(below(dataset("lost").resolve("runs"))).hasSize(3);
    }

    @Test
    @Order(5)
    void theRunGoesOnAndEndsAsACalmOne() throws IOException {
        Set<String> ended = ended();
        assertThat(ended).isNotEmpty();
        asked.clear();
        Told told = tell("run", "lost");
        assertThat(told.code()).as(told.out() + told.err()).isZero();

        assertThat(asked).isNotEmpty().noneSatisfy(request -> assertThat(ended).anyMatch(request::contains));
        assertThat(samples("lost")).containsExactlyInAnyOrderElementsOf(samples("calm"));
        assertThat(rejections("lost")).containsExactlyInAnyOrderElementsOf(rejections("calm"));
        assertThat(new Oracle(dataset("lost")).problems()).isEmpty();
        JsonNode books = books("lost");
        for (String count : List.of("slots", "accepted", "rejected", "dead", "prompts_read", "complete")) {
            assertThat(books.path(count)).as(count).isEqualTo(books("calm").path(count));
        }
        balanced(books);
    }

    @Test
    @Order(6)
    void noAttemptHasTwoRows() throws IOException {
        Dataset dataset = Dataset.existing(dataset("lost"));
        Dataset.RunEntry run = dataset.runs().getFirst();
        assertThat(run.generations()).hasSize(3);
        List<String> rows = new ArrayList<>();
        for (int partition = 0; partition < dataset.partitions(); partition++) {
            CommittedRun.of(dataset, run)
                    .read(
                            partition,
                            sample -> rows.add(sample.getPromptId() + "#" + sample.getSlot() + " end"),
                            row -> rows.add(
                                    row.getSlotId() + (row.getTerminal() ? " end" : " attempt " + row.getAttempt())));
        }
        assertThat(rows).doesNotHaveDuplicates().hasSizeGreaterThan(SAMPLES * PROMPTS);
    }

    @Test
    @Order(7)
    void theReleaseHasTheSameRows() {
        for (String view : List.of("sft", "raw")) {
            assertThat(made(new Oracle(dataset("lost")).releasedSamples("v1", view)))
                    .containsExactlyInAnyOrderElementsOf(made(new Oracle(dataset("calm")).releasedSamples("v1", view)));
        }
        Told pairs = Told.by(
                "release", "--dataset", dataset("lost").toString(), "--as", "pairs", "--views", "preference,rl");
        assertThat(pairs.code()).as(pairs.err()).isZero();
        Told verified = Told.by("verify", dataset("lost") + "@pairs");
        assertThat(verified.code()).as(verified.out() + verified.err()).isZero();
    }

    /** The words of the prompts whose slots have all ended. */
    private static Set<String> ended() throws IOException {
        Map<String, Integer> slots = new TreeMap<>();
        samples("lost").forEach(made -> slots.merge(made.promptId(), 1, Integer::sum));
        new Oracle(dataset("lost"))
                .committedRejections().stream()
                        .filter(fallen -> !fallen.reason().equals("DUPLICATE_PROMPT"))
                        .forEach(fallen -> slots.merge(fallen.promptId(), 1, Integer::sum));
        Set<String> words = new HashSet<>();
        for (String line : Files.readAllLines(folder.resolve("some.jsonl")).subList(0, PROMPTS)) {
            JsonNode prompt = JSON.readTree(line);
            if (slots.getOrDefault(promptId(prompt), 0) == SAMPLES) {
                words.add(text(prompt));
            }
        }
        return words;
    }

    private static String text(JsonNode prompt) {
        return prompt.path("prompt").asText();
    }

    private static String promptId(JsonNode prompt) {
        return ContentId.ofPrompt(
                List.of(Message.newBuilder()
                        .setRole("user")
                        .setContent(text(prompt))
                        .build()),
                null);
    }

    private static void refused(Told told, String... parts) {
        assertThat(told.code()).as(told.out() + told.err()).isEqualTo(2);
        assertThat(told.err().lines().filter(line -> line.contains(parts[0])))
                .singleElement(as(STRING))
                .contains(parts);
    }

    private static void balanced(JsonNode books) {
        long sum = books.path("accepted").asLong()
                + books.path("dead").asLong()
                + books.path("in_flight").asLong();
        for (JsonNode count : books.path("rejected")) {
            sum += count.asLong();
        }
        assertThat(sum).isEqualTo(books.path("slots").asLong());
    }

    private static JsonNode books(String name) throws IOException {
        Told told = Told.by("status", "--json", "--work", work(name).toString());
        assertThat(told.code()).as(told.err()).isZero();
        return JSON.readTree(told.out());
    }

    private static Told tell(String command, String name, String... more) {
        List<String> args = new ArrayList<>(List.of(
                command,
                ROOT.resolve("starter/recipe.yaml").toString(),
                "--prompts",
                folder.resolve("some.jsonl").toString(),
                "--model-url",
                url(),
                "--no-cache",
                "--samples",
                String.valueOf(SAMPLES),
                "--work",
                work(name).toString(),
                "--dataset",
                dataset(name).toString()));
        args.addAll(List.of(more));
        return Told.by(args.toArray(String[]::new));
    }

    private static String url() {
        return "http://127.0.0.1:" + witness.getAddress().getPort() + "/v1";
    }

    private static Path work(String name) {
        return folder.resolve(name).resolve("work");
    }

    private static Path dataset(String name) {
        return folder.resolve(name).resolve("dataset");
    }

    private static List<Made> samples(String name) {
        return made(new Oracle(dataset(name)).committedSamples());
    }

    private static List<Made> made(List<Oracle.Kept> samples) {
        return samples.stream()
                .map(kept -> new Made(kept.promptId(), kept.slot(), kept.reasoning(), kept.answer()))
                .toList();
    }

    private static List<Missed> rejections(String name) {
        return new Oracle(dataset(name))
                .committedRejections().stream()
                        .map(fallen -> new Missed(fallen.slotId(), fallen.reason()))
                        .toList();
    }

    private static List<Path> below(Path place) {
        try (Stream<Path> files = Files.list(place)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Passes everything on to the model, and remembers what was asked. */
    private static HttpServer witness() throws IOException {
        HttpClient client = HttpClient.newHttpClient();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (body.length > 0) {
                asked.add(words(JSON.readTree(body)));
                if (answersLeft.getAndDecrement() <= 0) {
                    exchange.sendResponseHeaders(503, -1);
                    exchange.close();
                    return;
                }
            }
            URI to = URI.create(model.url().replace("/v1", "") + exchange.getRequestURI());
            try {
                HttpResponse<byte[]> answer = client.send(
                        HttpRequest.newBuilder(to)
                                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
                exchange.getResponseBody().write(answer.body());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                exchange.close();
            }
        });
        server.start();
        return server;
    }

    private static String words(JsonNode request) {
        Map<Integer, String> words = new TreeMap<>();
        request.path("messages")
                .forEach(message ->
                        words.put(words.size(), message.path("content").asText()));
        return words.values().stream().collect(Collectors.joining("\n"));
    }
}
