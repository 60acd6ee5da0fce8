package dev.precept.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.benchmarks.client.BenchmarkInput;
import dev.precept.benchmarks.client.BrokerProcess;
import dev.precept.benchmarks.client.CandidateCounter;
import dev.precept.benchmarks.client.GeneratorProcess;
import dev.precept.benchmarks.client.TaskTopics;
import dev.precept.benchmarks.process.BenchmarkWorkspace;
import dev.precept.benchmarks.process.ChildJvm;
import dev.precept.benchmarks.server.Latency;
import dev.precept.benchmarks.server.ModelServer;
import dev.precept.benchmarks.server.ServerSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a kill and a handing over cost: calls that are made again. Nothing is remembered between lives here but what is in
 * Kafka; with a cache even fewer are paid for twice.
 */
final class RebalanceBenchmark {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final long LOOK_MILLIS = 100;
    /** Long enough for the last account of spending, and for calls that should not be made to show. */
    private static final long ACCOUNTS_MILLIS = 2_000;

    private static final int PARTITIONS = 8;
    private static final String HEAP = "1g";

    private final BenchmarkWorkspace benchmarkWorkspace;
    private final Latency latency;
    private final int places;
    private final long tasks;
    private final BenchmarkInput benchmarkInput;
    private final String bootstrap;
    private int lines;

    /** @param tasks of each measurement */
    RebalanceBenchmark(BenchmarkWorkspace benchmarkWorkspace, Latency latency, int places, long tasks)
            throws IOException, InterruptedException {
        this.benchmarkWorkspace = benchmarkWorkspace;
        this.latency = latency;
        this.places = places;
        this.tasks = tasks;
        this.benchmarkInput = BenchmarkInput.write(specification());
        ChildJvm broker = benchmarkWorkspace.start(
                BrokerProcess.class, "768m", benchmarkWorkspace.folder().resolve("broker"));
        this.bootstrap = broker.hear("address", START);
    }

    /**
     * A worker is killed with all its places taken, and begun again.
     *
     * @param cache whether answers are remembered, as they are by default
     */
    ObjectNode kill(boolean cache) throws InterruptedException {
        TaskTopics taskTopics = line();
        try (ModelServer server = ModelServer.start(benchmarkWorkspace, latency, Set.of());
                CandidateCounter candidates = new CandidateCounter(taskTopics)) {
            ServerSnapshot killed;
            try (ChildJvm first = worker(server, 0, cache)) {
                awaitServed(server, tasks / 3);
                killed = server.snapshot();
                first.close();
            }
            try (ChildJvm second = worker(server, 0, cache)) {
                awaitCandidates(candidates, second);
            }
            long again = server.snapshot().begun() - tasks;
            return JSON.createObjectNode()
                    .put("tasks", tasks)
                    .put("in_flight_at_kill", killed.inside())
                    .put("answered_before_kill", killed.served())
                    .put("made_again", again)
                    .put("lost", tasks - candidates.now());
        }
    }

    /** A second worker joins one whose places are all taken. */
    ObjectNode join() throws InterruptedException {
        TaskTopics taskTopics = line();
        try (ModelServer server = ModelServer.start(benchmarkWorkspace, latency, Set.of());
                CandidateCounter candidates = new CandidateCounter(taskTopics);
                ChildJvm first = worker(server, 0, false)) {
            awaitServed(server, tasks / 3);
            try (ChildJvm second = worker(server, 1, false)) {
                awaitCandidates(candidates, first);
                second.requireAlive();
                long again = server.snapshot().begun() - tasks;
                long share = taskTopics.calls("generator-1");
                return JSON.createObjectNode()
                        .put("tasks", tasks)
                        .put("calls_of_the_second", share)
                        .put("made_again", again)
                        .put("made_again_of_its_share", share == 0 ? 0 : Math.round(again * 1e4 / share) / 1e4)
                        .put("lost", tasks - candidates.now());
            }
        }
    }

    private TaskTopics line() throws InterruptedException {
        TaskTopics taskTopics = new TaskTopics(
                bootstrap, benchmarkWorkspace.folder().resolve("schemas.json"), "handover" + ++lines, PARTITIONS);
        taskTopics.publish(benchmarkInput, tasks);
        return taskTopics;
    }

    private ChildJvm worker(ModelServer server, int ordinal, boolean cache) throws InterruptedException {
        List<Object> arguments = new ArrayList<>(List.of(
                server.url(),
                places,
                bootstrap,
                benchmarkWorkspace.folder().resolve("schemas.json"),
                "handover" + lines,
                PARTITIONS,
                ordinal));
        if (cache) {
            arguments.add(benchmarkWorkspace.folder().resolve("dataset" + lines));
        }
        ChildJvm worker = benchmarkWorkspace.start(GeneratorProcess.class, HEAP, arguments.toArray());
        worker.hear("ready", START);
        worker.tell("go");
        return worker;
    }

    private static void awaitServed(ModelServer server, long calls) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (server.snapshot().served() < calls) {
            requireTime(deadline, "the server has not served " + calls);
            Thread.sleep(LOOK_MILLIS);
        }
    }

    private void awaitCandidates(CandidateCounter candidates, ChildJvm worker) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (candidates.now() < tasks) {
            worker.requireAlive();
            requireTime(deadline, "there are " + candidates.now() + " candidates of " + tasks);
            Thread.sleep(LOOK_MILLIS);
        }
        Thread.sleep(ACCOUNTS_MILLIS);
    }

    private static void requireTime(long deadline, String what) {
        if (System.nanoTime() > deadline) {
            throw new IllegalStateException(what + ", and no more come");
        }
    }

    private Path specification() {
        return benchmarkWorkspace.folder().resolve("spec");
    }
}
