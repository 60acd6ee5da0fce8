package dev.precept.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.benchmarks.client.BenchmarkInput;
import dev.precept.benchmarks.client.ClosedLoopClient;
import dev.precept.benchmarks.client.GeneratorProcess;
import dev.precept.benchmarks.client.TaskTopics;
import dev.precept.benchmarks.process.BenchmarkWorkspace;
import dev.precept.benchmarks.process.ChildJvm;
import dev.precept.benchmarks.server.Latency;
import dev.precept.benchmarks.server.ModelServer;
import dev.precept.benchmarks.server.ServerLoad;
import dev.precept.benchmarks.server.ServerSnapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Measures a generator worker at a server that queues, and after all connections were dropped. */
final class OverloadBenchmark {
    static final String OVERLOAD = "overload";
    static final String BLIP = "blip-";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration START = Duration.ofSeconds(60);
    private static final String HEAP = "1g";
    private static final int SLOTS = 64;
    private static final int WORKER_CONCURRENCY = 256;
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(6);
    private static final Latency ANSWERS = Latency.parse("spread:1000");
    private static final ServerLoad LOAD = new ServerLoad(SLOTS, 5, Duration.ofSeconds(40), Duration.ofSeconds(80));
    private static final List<Integer> PHASES_SECONDS = List.of(10, 40, 80, 120);
    private static final int OVERLOAD_TASKS = 14_000;
    private static final int BODY_BYTES = 32_300;
    private static final double ALL = 0.98;
    private static final int BLIPS = 3;
    private static final long POLL_MILLIS = 50;
    private static final long BLIP_MILLIS = 250;

    private final BenchmarkWorkspace benchmarkWorkspace;
    private final BenchmarkInput benchmarkInput;
    private final String bootstrap;
    private final int partitions;
    private int runs;

    OverloadBenchmark(
            BenchmarkWorkspace benchmarkWorkspace, BenchmarkInput benchmarkInput, String bootstrap, int partitions) {
        this.benchmarkWorkspace = benchmarkWorkspace;
        this.benchmarkInput = benchmarkInput;
        this.bootstrap = bootstrap;
        this.partitions = partitions;
    }

    static List<String> names() {
        return List.of(OVERLOAD, BLIP + "100", BLIP + "3000", BLIP + "60000");
    }

    ObjectNode measure(String name) throws InterruptedException {
        return name.equals(OVERLOAD) ? overload() : blip(name, Integer.parseInt(name.substring(BLIP.length())));
    }

    private ObjectNode overload() throws InterruptedException {
        ObjectNode worker;
        try (ModelServer server = ModelServer.start(benchmarkWorkspace, ANSWERS, LOAD, Set.of());
                ChildJvm client =
                        worker(server, WORKER_CONCURRENCY + "/" + CALL_TIMEOUT.toSeconds() + "s", OVERLOAD_TASKS)) {
            worker = phases(server, client);
        }
        System.err.println(OVERLOAD + ", worker: " + worker);
        ObjectNode bare;
        try (ModelServer server = ModelServer.start(benchmarkWorkspace, ANSWERS, LOAD, Set.of());
                ChildJvm client = benchmarkWorkspace.start(
                        ClosedLoopClient.class,
                        HEAP,
                        server.url(),
                        SLOTS,
                        Long.MAX_VALUE,
                        benchmarkWorkspace.folder().resolve("spec"),
                        BODY_BYTES)) {
            client.await("ready", START);
            client.send("go");
            bare = phases(server, client);
        }
        System.err.println(OVERLOAD + ", bare loop: " + bare);
        ObjectNode json = JSON.createObjectNode()
                .put("name", OVERLOAD)
                .put("latency", ANSWERS.toString())
                .put("slots", SLOTS)
                .put("halved_from_s", LOAD.halvedFrom().toSeconds())
                .put("halved_until_s", LOAD.halvedUntil().toSeconds())
                .put("poisoned_percent", LOAD.poisonedPercent())
                .put("worker_concurrency", WORKER_CONCURRENCY)
                .put("bare_concurrency", SLOTS)
                .put("call_timeout_s", CALL_TIMEOUT.toSeconds())
                .put(
                        "ratio",
                        rounded(worker.get("answered_per_s").doubleValue()
                                / bare.get("answered_per_s").doubleValue()));
        json.set("worker", worker);
        json.set("bare", bare);
        return json;
    }

    /** Waits for the end of each phase and returns the counts of all. */
    private static ObjectNode phases(ModelServer server, ChildJvm client) throws InterruptedException {
        long started = awaitFirst(server, client);
        ServerSnapshot[] ends = new ServerSnapshot[PHASES_SECONDS.size()];
        for (int i = 0; i < ends.length; i++) {
            long left = started + PHASES_SECONDS.get(i) * 1_000_000_000L - System.nanoTime();
            Thread.sleep(Duration.ofNanos(Math.max(0, left)));
            client.requireAlive();
            ends[i] = server.snapshot();
        }
        ServerSnapshot last = ends[ends.length - 1];
        int seconds = PHASES_SECONDS.getLast() - PHASES_SECONDS.getFirst();
        ObjectNode json = JSON.createObjectNode()
                .put("answered_per_s", rounded((last.served() - ends[0].served()) / (double) seconds));
        ArrayNode phases = json.putArray("answered_per_s_by_phase");
        for (int i = 1; i < ends.length; i++) {
            double length = PHASES_SECONDS.get(i) - PHASES_SECONDS.get(i - 1);
            phases.add(rounded((ends[i].served() - ends[i - 1].served()) / length));
        }
        return json.put("answered", last.served())
                .put("timed_out", last.abandoned())
                .put("wasted_share", rounded(last.abandoned() / (double) (last.abandoned() + last.served())))
                .put("server_errors", last.failed())
                .put("max_in_flight", last.maxInFlight())
                .put(
                        "in_flight_by_phase",
                        Arrays.toString(Arrays.stream(ends)
                                .mapToInt(ServerSnapshot::inFlight)
                                .toArray()));
    }

    private static long awaitFirst(ModelServer server, ChildJvm client) throws InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (server.snapshot().started() == 0) {
            client.requireAlive();
            requireTime(deadline, "the client makes no call");
        }
        return System.nanoTime();
    }

    private ObjectNode blip(String name, int millis) throws InterruptedException {
        int concurrency = millis < 1_000 ? SLOTS : WORKER_CONCURRENCY;
        int blips = millis > 10_000 ? 1 : BLIPS;
        Latency latency = Latency.parse("spread:" + millis);
        Duration settle = Duration.ofMillis(Math.max(3_000, millis / 4));
        int tasks = (int) (concurrency * (8 + blips * 12_000.0 / millis));
        ObjectNode json = JSON.createObjectNode()
                .put("name", name)
                .put("latency", latency.toString())
                .put("concurrency", concurrency)
                .put("limit_ms", millis + 1_000);
        ArrayNode each = json.putArray("full_after_ms");
        try (ModelServer server = ModelServer.start(benchmarkWorkspace, latency, Set.of());
                ChildJvm client = worker(server, String.valueOf(concurrency), tasks)) {
            for (int i = 0; i < blips; i++) {
                long deadline = System.nanoTime() + START.toNanos();
                while (server.snapshot().inFlight() < ALL * concurrency) {
                    client.requireAlive();
                    requireTime(deadline, "the server is not full");
                    Thread.sleep(POLL_MILLIS);
                }
                Thread.sleep(settle);
                server.blip();
                Thread.sleep(BLIP_MILLIS); // the server takes no new connection
                deadline = System.nanoTime() + START.plusMillis(20L * millis).toNanos();
                do {
                    Thread.sleep(POLL_MILLIS);
                    requireTime(deadline, "the server is not full again");
                } while (server.snapshot().fullAfterBlipMillis() < 0);
                each.add(server.snapshot().fullAfterBlipMillis());
                System.err.println(name + ": full after " + server.snapshot().fullAfterBlipMillis() + " ms");
            }
        }
        return json;
    }

    private ChildJvm worker(ModelServer server, String concurrency, int tasks) throws InterruptedException {
        Path schemas = benchmarkWorkspace.folder().resolve("schemas.json");
        String namespace = "overload" + ++runs;
        new TaskTopics(bootstrap, schemas, namespace, partitions).publish(benchmarkInput, tasks);
        ChildJvm client = benchmarkWorkspace.start(
                GeneratorProcess.class, HEAP, server.url(), concurrency, bootstrap, schemas, namespace, partitions);
        client.await("ready", START);
        client.send("go");
        return client;
    }

    private static void requireTime(long deadline, String what) {
        if (System.nanoTime() > deadline) {
            throw new IllegalStateException(what);
        }
    }

    private static double rounded(double value) {
        return Math.round(value * 1e4) / 1e4;
    }
}
