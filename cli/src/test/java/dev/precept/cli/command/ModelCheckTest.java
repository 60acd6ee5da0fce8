package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.precept.kafka.EmbeddedBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code doctor} and {@code run} find a model that cannot do what its role needs, and agree about it. */
class ModelCheckTest {
    private static final String VOTE = "{\\\"reason\\\": \\\"Fine.\\\", \\\"criteria\\\": {\\\"correctness\\\": 9,"
            + " \\\"helpfulness\\\": 9, \\\"compliance\\\": 9, \\\"reasoning\\\": 9}, \\\"response_style\\\": \\\"comply\\\","
            + " \\\"score\\\": 9}";
    private static final String PROSE = "Nine of ten.";

    @SuppressWarnings("NullAway.Init")
    private static EmbeddedBroker broker;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private HttpServer server;

    private int modelsStatus = 200;
    private String listed = "{\"id\":\"m\"}";
    private String vote = VOTE;
    private String reasoning = "Seven and seven.";
    private String onlyFor = "";
    private final AtomicInteger questions = new AtomicInteger();

    @BeforeAll
    static void startBroker(@TempDir Path kafka) {
        broker = EmbeddedBroker.start(kafka, 0);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void start() throws IOException {
        write("clauses.md", "## Help {#a-help}\n\nHelp.\n");
        write("spec.yaml", "name: t\nprinciples: []\ncategories:\n  - {name: A, summary: s, clauses: [a-help]}\n");
        write("prompts.jsonl", "{\"prompt\": \"Hello there\", \"categories\": \"A\"}\n");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        write(
                "recipe.yaml",
                "prompts: {files: [prompts.jsonl]}\nspec: .\ngenerator: {model: m, url: 'http://127.0.0.1:"
                        + server.getAddress().getPort() + "/v1'}\nkafka: {bootstrap.servers: '" + broker.address()
                        + "'}\n");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        boolean models = exchange.getRequestURI().getPath().endsWith("/models");
        boolean judge = body.contains("# How to grade");
        questions.addAndGet(models ? 0 : 1);
        boolean known = body.contains(onlyFor);
        String text = models
                ? "{\"object\":\"list\",\"data\":[" + listed + "]}"
                : "{\"model\":\"m\",\"usage\":{\"prompt_tokens\":7000,\"completion_tokens\":9},\"choices\":"
                        + "[{\"finish_reason\":\"stop\",\"message\":{\"content\":\""
                        + (!known ? "I do not know." : judge ? vote : "14.")
                        + "\",\"reasoning_content\":\"" + (judge || !known ? "" : reasoning) + "\"}}]}";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(models ? modelsStatus : 200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Test
    void aJudgeWithoutVotesStopsBoth() {
        vote = PROSE;
        String why = "gives no vote that can be read (the answer holds no JSON object; it answered: Nine of ten.);"
                + " json_object and none as judge.request.response_format do not help; name another model";
        CommandResult doctor = doctor();
        assertThat(doctor.out()).contains("wrong  judge", why).contains("ok     generator");
        assertThat(doctor.code()).isEqualTo(2);
        CommandResult run = run();
        assertThat(run.err()).contains("judge: http://127.0.0.1:", why).doesNotContain("\tat ");
        assertThat(run.code()).isEqualTo(2);
    }

    @Test
    void aGeneratorWithoutReasoningStopsBoth() {
        reasoning = "";
        CommandResult doctor = doctor();
        assertThat(doctor.out()).contains("wrong  generator", "shows no reasoning (");
        assertThat(doctor.code()).isEqualTo(2);
        CommandResult run = run();
        assertThat(run.err()).contains("generator: http://127.0.0.1:", "shows no reasoning (");
        assertThat(run.code()).isEqualTo(2);
    }

    @Test
    void aHostThatDoesNotExistStopsBothAtOnce() throws IOException {
        String host = moveServerTo("a");
        CommandResult doctor = doctor();
        assertThat(doctor.out()).contains("wrong  generator", "the host " + host + " is not known");
        assertThat(doctor.code()).isEqualTo(2);
        host = moveServerTo("b"); // Java remembers for ten seconds that a host is not known, but not why
        CommandResult run = run();
        assertThat(run.err())
                .contains("generator.url: http://" + host, "is not known; correct the host")
                .doesNotContain("waiting");
        assertThat(run.code()).isEqualTo(2);
    }

    /** A label of more than 63 letters is refused by the resolver without a query. */
    private String moveServerTo(String letter) throws IOException {
        String host = letter.repeat(64) + ".example";
        Path recipe = folder.resolve("recipe.yaml");
        Files.writeString(recipe, Files.readString(recipe).replaceFirst("http://[a-z0-9.]*:", "http://" + host + ":"));
        return host;
    }

    /** A server of recorded answers knows no other question. */
    @Test
    void theFirstPromptDecidesWhereTheSmallQuestionFails() {
        onlyFor = "Hello there";
        CommandResult doctor = doctor();
        assertThat(doctor.out()).contains("ok     generator", "ok     judge", "its votes can be read");
        assertThat(doctor.code()).as(doctor.out()).isZero();
    }

    /** As a server whose cache folder of models does not exist; the run would wait for nothing, and then pay twice. */
    @Test
    void aServerThatFailsToListItsModelsIsNotWaitedForAndAskedOnce() {
        modelsStatus = 500;
        reasoning = "";
        CommandResult run = command("run", List.of("--wait-model", "10m", "--set", "judge.request.check=warn"));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("shows no reasoning (").doesNotContain("waiting for");
        assertThat(questions.get())
                .as("the small question, two prompts, one other encoding")
                .isLessThanOrEqualTo(4);
    }

    @Test
    void aRunThatEndedAtTheCheckIsStoppedAndCommandsSaySoWithoutItsKafka() throws IOException {
        reasoning = "";
        Path recipe = folder.resolve("recipe.yaml");
        Files.writeString(recipe, Files.readString(recipe).replaceFirst("kafka: .*\n", ""));
        assertThat(run().code()).isEqualTo(2);
        String work = folder.resolve("work").toString();
        CommandResult status = CommandResult.run("status", "--work", work);
        assertThat(status.code()).isZero();
        assertThat(status.out())
                .contains("open, stopped", "it ended before its first call; 'precept run --work " + work);
        CommandResult pause = CommandResult.run("pause", "--work", work);
        assertThat(pause.code()).isEqualTo(2);
        assertThat(pause.err()).contains("ended before its first call; 'precept run --work " + work);
        assertThat(folder.resolve("work/kafka")).doesNotExist();
    }

    @Test
    void aWarningInItsPlaceLetsTheDoctorPass() {
        vote = PROSE;
        CommandResult doctor = doctor("--set", "judge.request.check=warn");
        assertThat(doctor.out()).contains("ok     judge", "gives no vote that can be read");
        assertThat(doctor.code()).isZero();
    }

    @Test
    void aServerWithoutAListOfModelsOrWithAnotherIsAskedAllTheSame() {
        listed = "{\"id\":\"other\"}";
        assertThat(doctor().out()).contains("ok     generator", "does not list 'm'; it lists other");
        listed = "";
        assertThat(doctor().out()).contains("ok     judge", "its votes can be read", "it lists no model");
        for (int status : List.of(404, 405, 500)) {
            modelsStatus = status;
            CommandResult doctor = doctor();
            assertThat(doctor.code()).as(doctor.out()).isZero();
            assertThat(doctor.out()).contains("ok     generator", "ok     judge");
        }
    }

    private CommandResult doctor(String... more) {
        return command("doctor", List.of(more));
    }

    private CommandResult run() {
        return command("run", List.of("--wait-model", "500ms"));
    }

    private CommandResult command(String name, List<String> more) {
        List<String> args = new ArrayList<>(List.of(
                name,
                folder.resolve("recipe.yaml").toString(),
                "--work",
                folder.resolve("work").toString()));
        args.addAll(List.of("--dataset", folder.resolve("dataset").toString()));
        args.addAll(more);
        return CommandResult.run(args.toArray(String[]::new));
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
