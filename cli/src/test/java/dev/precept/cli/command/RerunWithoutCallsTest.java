package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.precept.model.mock.FaultInjection;
import dev.precept.model.mock.MistakeRates;
import dev.precept.model.mock.MockModelServer;
import dev.precept.runtime.RunFile;
import dev.precept.runtime.WorkFolder;
import dev.precept.testkit.Oracle;
import dev.precept.workers.WorkerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rerun from another work folder finds every response in the cache of the dataset and calls no model. */
@Tag("slow")
class RerunWithoutCallsTest {
    private static final Path ROOT =
            Path.of(System.getProperty("precept.root", ".")).toAbsolutePath();
    private static final int PROMPTS = 24;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void aRerunMakesTheSameSamplesWithoutACall() throws IOException {
        writePrompts(PROMPTS);
        try (MockModelServer model = MockModelServer.start(0, FaultInjection.none(), MistakeRates.none())) {
            CommandResult first = run(model.url(), "work", "v1");
            assertThat(first.code()).as(first.out() + first.err()).isZero();
        }
        AtomicInteger calls = new AtomicInteger();
        HttpServer silent = silent(calls);
        try {
            CommandResult again = run("http://127.0.0.1:" + silent.getAddress().getPort() + "/v1", "again", "v2");
            assertThat(again.code()).as(again.out() + again.err()).isZero();
        } finally {
            silent.stop(0);
        }

        assertThat(calls).hasValue(0);
        Map<List<Object>, Integer> made = new HashMap<>();
        new Oracle(folder.resolve("dataset"))
                .committedSamples()
                .forEach(keptSample -> made.merge(
                        List.of(
                                keptSample.promptId(),
                                keptSample.slot(),
                                String.valueOf(keptSample.reasoning()),
                                keptSample.answer()),
                        1,
                        Integer::sum));
        assertThat(made)
                .isNotEmpty()
                .allSatisfy((sample, runs) -> assertThat(runs).isEqualTo(2));
    }

    @Test
    void itCallsTheModelWhenTheCacheIsDisabled() throws IOException {
        writePrompts(1);
        CommandResult commandResult = run("http://127.0.0.1:1/v1", "work", "v1", "--no-cache", "--wait-model", "1ms");
        assertThat(commandResult.code()).as(commandResult.err()).isEqualTo(1);

        RunFile started = RunFile.read(new WorkFolder(folder.resolve("work"))).orElseThrow();
        assertThat(WorkerSettings.read(started.effectiveRecipe(), Map.of()).cache())
                .isFalse();
    }

    private void writePrompts(int prompts) throws IOException {
        List<String> starter = Files.readAllLines(ROOT.resolve("starter/prompts/starter.jsonl"));
        Files.write(folder.resolve("some.jsonl"), starter.subList(0, prompts));
    }

    private CommandResult run(String url, String work, String release, String... more) {
        List<String> args = new ArrayList<>(List.of(
                "run",
                ROOT.resolve("starter/recipe.yaml").toString(),
                "--prompts",
                folder.resolve("some.jsonl").toString(),
                "--model-url",
                url,
                "--work",
                folder.resolve(work).toString(),
                "--dataset",
                folder.resolve("dataset").toString(),
                "--release",
                release));
        args.addAll(List.of(more));
        return CommandResult.run(args.toArray(String[]::new));
    }

    /** A model that is ready but fails every call. Counts the calls of tasks. */
    private static HttpServer silent(AtomicInteger calls) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] models = "{\"object\":\"list\",\"data\":[{\"id\":\"mock-model\",\"object\":\"model\"}]}"
                .getBytes(StandardCharsets.UTF_8);
        server.createContext("/v1/models", exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, models.length);
            exchange.getResponseBody().write(models);
            exchange.close();
        });
        server.createContext("/v1/chat", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean probe = CallCountingModel.isProbe(body);
            if (!probe) {
                calls.incrementAndGet();
            }
            exchange.sendResponseHeaders(probe ? 503 : 400, -1);
            exchange.close();
        });
        server.start();
        return server;
    }
}
