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

/** Counts the calls that are repeated after a worker is killed, and when a second worker joins the group. */
final class RebalanceBenchmark {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final long POLL_MILLIS = 100;
    /** Long enough for the last spend record, and for superfluous calls to arrive. */
    private static final long SETTLE_MILLIS = 2_000;

    private static final int PARTITIONS = 8;
    private static final Latency LONG_CALLS = Latency.parse("constant:30000");
    private static final int LONG_CALLS_IN_FLIGHT = 200;
    /** Calls that each permit makes. */
    private static final int ROUNDS = 6;

    /** As shipped. */
    static final Duration DEFAULT_HANDOVER = Duration.ofSeconds(60);

    /** What a rebalance waited before handovers could be configured. */
    static final Duration SHORT_HANDOVER = Duration.ofSeconds(3);

    private static final String HEAP = "1g";

    private final BenchmarkWorkspace benchmarkWorkspace;
    private final Latency latency;
    private final int concurrency;
    private final long tasks;
    private final BenchmarkInput benchmarkInput;
    private final String bootstrap;
    private int runs;

    /** @param tasks number of tasks per measurement */
    RebalanceBenchmark(BenchmarkWorkspace benchmarkWorkspace, Latency latency, int concurrency, long tasks)
            throws IOException, InterruptedException {
        this.benchmarkWorkspace = benchmarkWorkspace;
        this.latency = latency;
        this.concurrency = concurrency;
        this.tasks = tasks;
        this.benchmarkInput = BenchmarkInput.write(specification());
        ChildJvm broker = benchmarkWorkspace.start(
                BrokerProcess.class, "768m", benchmarkWorkspace.folder().resolve("broker"));
        this.bootstrap = broker.await("address", START);
    }

    /**
     * Kills a worker at full concurrency and restarts it.
     *
     * @param cache whether responses are cached, as they are by default
     */
    ObjectNode kill(boolean cache) throws InterruptedException {
        TaskTopics taskTopics = publish(tasks);
        try (ModelServer server = ModelServer.start(benchmarkWorkspace, latency, Set.of());
                CandidateCounter candidates = new CandidateCounter(taskTopics)) {
            ServerSnapshot killed;
            try (ChildJvm first = worker(server, concurrency, 0, cache, DEFAULT_HANDOVER)) {
                awaitServed(server, tasks / 3);
                killed = server.snapshot();
                first.close();
            }
            try (ChildJvm second = worker(server, concurrency, 0, cache, DEFAULT_HANDOVER)) {
                awaitCandidates(candidates, tasks, second);
            }
            long repeated = server.snapshot().started() - tasks;
            return JSON.createObjectNode()
                    .put("tasks", tasks)
                    .put("in_flight_at_kill", killed.inFlight())
                    .put("answered_before_kill", killed.served())
                    .put("repeated_calls", repeated)
                    .put("lost", tasks - candidates.now());
        }
    }

    /** Adds a second worker to one at full concurrency. */
    ObjectNode join() throws InterruptedException {
        return join(latency, concurrency, tasks, DEFAULT_HANDOVER);
    }

    /**
     * Adds a second worker to one whose calls are long: many of them run when the partitions move.
     *
     * @param handover how long a rebalance waits for them
     */
    ObjectNode joinDuringLongCalls(Duration handover) throws InterruptedException {
        ObjectNode report = join(LONG_CALLS, LONG_CALLS_IN_FLIGHT, ROUNDS * LONG_CALLS_IN_FLIGHT, handover);
        return report.put("call_seconds", LONG_CALLS.mean().toSeconds()).put("handover_seconds", handover.toSeconds());
    }

    private ObjectNode join(Latency latency, int concurrency, long tasks, Duration handover)
            throws InterruptedException {
        TaskTopics taskTopics = publish(tasks);
        try (ModelServer server = ModelServer.start(benchmarkWorkspace, latency, Set.of());
                CandidateCounter candidates = new CandidateCounter(taskTopics);
                ChildJvm first = worker(server, concurrency, 0, false, handover)) {
            awaitServed(server, tasks / 3);
            try (ChildJvm second = worker(server, concurrency, 1, false, handover)) {
                awaitCandidates(candidates, tasks, first);
                second.requireAlive();
                long repeated = server.snapshot().started() - tasks;
                long share = taskTopics.calls("generator-1");
                return JSON.createObjectNode()
                        .put("tasks", tasks)
                        .put("second_worker_calls", share)
                        .put("repeated_calls", repeated)
                        .put("repeated_share", share == 0 ? 0 : Math.round(repeated * 1e4 / share) / 1e4)
                        .put("lost", tasks - candidates.now());
            }
        }
    }

    private TaskTopics publish(long tasks) throws InterruptedException {
        TaskTopics taskTopics = new TaskTopics(
                bootstrap, benchmarkWorkspace.folder().resolve("schemas.json"), "rebalance" + ++runs, PARTITIONS);
        taskTopics.publish(benchmarkInput, tasks);
        return taskTopics;
    }

    private ChildJvm worker(ModelServer server, int concurrency, int ordinal, boolean cache, Duration handover)
            throws InterruptedException {
        List<Object> arguments = new ArrayList<>(List.of(
                server.url(),
                concurrency,
                bootstrap,
                benchmarkWorkspace.folder().resolve("schemas.json"),
                "rebalance" + runs,
                PARTITIONS,
                ordinal));
        arguments.add(cache ? benchmarkWorkspace.folder().resolve("dataset" + runs) : "-");
        arguments.add(handover.toSeconds());
        ChildJvm worker = benchmarkWorkspace.start(GeneratorProcess.class, HEAP, arguments.toArray());
        worker.await("ready", START);
        worker.send("go");
        return worker;
    }

    private static void awaitServed(ModelServer server, long calls) throws InterruptedException {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (server.snapshot().served() < calls) {
            requireTime(deadline, "the server has not served " + calls + " calls");
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static void awaitCandidates(CandidateCounter candidates, long tasks, ChildJvm worker)
            throws InterruptedException {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (candidates.now() < tasks) {
            worker.requireAlive();
            requireTime(deadline, candidates.now() + " candidates of " + tasks);
            Thread.sleep(POLL_MILLIS);
        }
        Thread.sleep(SETTLE_MILLIS);
    }

    private static void requireTime(long deadline, String what) {
        if (System.nanoTime() > deadline) {
            throw new IllegalStateException(what + " after " + TIMEOUT.toMinutes() + " min");
        }
    }

    private Path specification() {
        return benchmarkWorkspace.folder().resolve("spec");
    }
}
