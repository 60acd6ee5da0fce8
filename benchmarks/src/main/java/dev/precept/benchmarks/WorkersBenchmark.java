package dev.precept.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.benchmarks.client.BenchmarkInput;
import dev.precept.benchmarks.client.BrokerProcess;
import dev.precept.benchmarks.client.ClosedLoopClient;
import dev.precept.benchmarks.client.GeneratorProcess;
import dev.precept.benchmarks.client.TaskTopics;
import dev.precept.benchmarks.process.BenchmarkWorkspace;
import dev.precept.benchmarks.process.ChildJvm;
import dev.precept.benchmarks.server.ModelServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares one generator worker with a bare closed loop of the same client by the utilisation of the server. Both make the
 * same number of calls with bodies of the same size, in separate measurements.
 */
final class WorkersBenchmark {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration START = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 500;

    private final BenchmarkWorkspace benchmarkWorkspace;
    private final int partitions;
    private final BenchmarkInput benchmarkInput;
    private final ChildJvm broker;
    private final String bootstrap;
    private int runs;

    WorkersBenchmark(BenchmarkWorkspace benchmarkWorkspace, int partitions, boolean screens)
            throws IOException, InterruptedException {
        this.benchmarkWorkspace = benchmarkWorkspace;
        this.partitions = partitions;
        this.benchmarkInput = BenchmarkInput.write(specification()).withScreens(screens);
        this.broker = benchmarkWorkspace.start(
                BrokerProcess.class, "768m", benchmarkWorkspace.folder().resolve("broker"));
        this.bootstrap = broker.await("address", START);
    }

    /** For measurements with the same broker. */
    OverloadBenchmark overload() {
        return new OverloadBenchmark(benchmarkWorkspace, benchmarkInput, bootstrap, partitions);
    }

    /** Measures one scenario {@code repeat} times. */
    ObjectNode measure(Scenario scenario, int repeat) throws InterruptedException {
        List<Figures> workers = new ArrayList<>();
        List<Figures> loops = new ArrayList<>();
        List<Figures> ratios = new ArrayList<>();
        for (int n = 1; n <= repeat; n++) {
            Figures worker = worker(scenario);
            workers.add(worker);
            progress(scenario, "worker", worker);
            if (scenario.compared()) {
                Figures loop = bareLoop(scenario, Math.round(worker.of("request_bytes")));
                progress(scenario, "bare loop", loop);
                loops.add(loop);
                ratios.add(ratio(worker, loop));
            }
        }
        ObjectNode json = JSON.createObjectNode()
                .put("name", scenario.name())
                .put("latency", scenario.latency().toString())
                .put("concurrency", scenario.concurrency())
                .put("calls", scenario.calls())
                .put("heap", scenario.heap());
        if (scenario.compared()) {
            Figures median = Figures.medians(ratios);
            json.set("ratio", median.json().get("utilisation"));
            json.set("worker_to_bare", median.json());
            var each = json.putArray("ratios");
            ratios.forEach(ratio -> each.add(ratio.json().get("utilisation")));
        }
        json.set("worker", Figures.medians(workers).json());
        if (scenario.compared()) {
            json.set("bare", Figures.medians(loops).json());
        }
        return json;
    }

    private Figures worker(Scenario scenario) throws InterruptedException {
        Path schemas = benchmarkWorkspace.folder().resolve("schemas.json");
        String namespace = "worker" + ++runs;
        TaskTopics taskTopics = new TaskTopics(bootstrap, schemas, namespace, partitions);
        taskTopics.publish(benchmarkInput, scenario.calls());
        try (ModelServer server = server(scenario);
                ChildJvm client = benchmarkWorkspace.start(
                        GeneratorProcess.class,
                        scenario.heap(),
                        server.url(),
                        scenario.concurrency(),
                        bootstrap,
                        schemas,
                        namespace,
                        partitions)) {
            Figures figures = new Measurement(scenario, server, client, List.of(broker.pid(), self())).run();
            awaitCandidates(scenario, taskTopics, client);
            Map<String, Double> all = new LinkedHashMap<>(figures.byName());
            all.put("served", (double) server.snapshot().served());
            all.put("candidates", (double) taskTopics.candidates());
            all.put("answered", (double) taskTopics.answered());
            return new Figures(all);
        }
    }

    private Figures bareLoop(Scenario scenario, long bodyBytes) throws InterruptedException {
        try (ModelServer server = server(scenario);
                ChildJvm client = benchmarkWorkspace.start(
                        ClosedLoopClient.class,
                        scenario.heap(),
                        server.url(),
                        scenario.concurrency(),
                        scenario.calls(),
                        specification(),
                        bodyBytes)) {
            return new Measurement(scenario, server, client, List.of(broker.pid(), self())).run();
        }
    }

    private void awaitCandidates(Scenario scenario, TaskTopics taskTopics, ChildJvm client)
            throws InterruptedException {
        long deadline = System.nanoTime() + scenario.timeout().toNanos();
        // The spend record is published shortly after the last candidate.
        while (taskTopics.candidates() < scenario.calls() || taskTopics.answered() < scenario.calls()) {
            client.requireAlive();
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(scenario.name() + ": timed out with " + taskTopics.candidates()
                        + " candidates and " + taskTopics.answered() + " answers of " + scenario.calls() + " calls");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private ModelServer server(Scenario scenario) throws InterruptedException {
        return ModelServer.start(
                benchmarkWorkspace,
                scenario.latency(),
                new HashSet<>(List.of(scenario.full(), scenario.opens(), scenario.closes())));
    }

    private Path specification() {
        return benchmarkWorkspace.folder().resolve("spec");
    }

    private static long self() {
        return ProcessHandle.current().pid();
    }

    private static Figures ratio(Figures worker, Figures loop) {
        Map<String, Double> ratios = new LinkedHashMap<>();
        for (String name : List.of(
                "utilisation", "utilisation_with_start", "calls_per_s", "cpu_ms_per_call", "live_heap_kib_per_call")) {
            ratios.put(name, worker.of(name) / loop.of(name));
        }
        return new Figures(ratios);
    }

    private static void progress(Scenario scenario, String client, Figures figures) {
        System.err.println(scenario.name() + ", " + client + ": " + figures.json());
    }
}
