package dev.precept.benchmarks;

import dev.precept.benchmarks.process.ChildJvm;
import dev.precept.benchmarks.process.ResourceUsage;
import dev.precept.benchmarks.server.ModelServer;
import dev.precept.benchmarks.server.ServerSnapshot;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures one client against one server from outside. */
final class Measurement {
    private static final Duration START = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 100;
    private static final double KIB = 1024;

    private final Scenario scenario;
    private final ModelServer server;
    private final ChildJvm client;
    private final List<Long> others;

    /** @param others the benchmark's other processes */
    Measurement(Scenario scenario, ModelServer server, ChildJvm client, List<Long> others) {
        this.scenario = scenario;
        this.server = server;
        this.client = client;
        this.others = others;
    }

    /** The server's counters, and the CPU time used until then. */
    private record Snapshot(
            ServerSnapshot counters, long at, Duration client, Duration server, Duration others, Duration machine) {}

    /** Starts the client and returns its figures in the window; the client still runs on return. */
    Figures run() throws InterruptedException {
        client.await("ready", START);
        double liveAtStart = liveKib();
        long residentAtStart = ResourceUsage.residentKib(client.pid());
        client.send("go");
        Snapshot opened = await(scenario.opens());
        Snapshot closed = await(scenario.closes());
        long peak = ResourceUsage.peakKib(client.pid());
        double live = liveKib();

        ServerSnapshot counters = closed.counters();
        double seconds = (closed.at() - opened.at()) / 1e9;
        double calls = counters.served() - opened.counters().served();
        Duration total = closed.client().plus(closed.server()).plus(closed.others());
        Duration totalBefore = opened.client().plus(opened.server()).plus(opened.others());
        Map<String, Double> figures = new LinkedHashMap<>();
        int concurrency = scenario.concurrency();
        figures.put("utilisation", counters.utilisation(scenario.opens(), scenario.closes(), concurrency));
        figures.put("utilisation_with_start", counters.utilisation(scenario.full(), scenario.closes(), concurrency));
        figures.put("window_s", seconds);
        figures.put("calls_per_s", calls / seconds);
        figures.put("max_in_flight", (double) counters.maxInFlight());
        figures.put("request_bytes", (double) counters.requestBytes() / counters.started());
        figures.put("abandoned", (double) counters.abandoned());
        figures.put("cpu_ms_per_call", millis(opened.client(), closed.client()) / calls);
        figures.put("server_cpu_ms_per_call", millis(opened.server(), closed.server()) / calls);
        figures.put("peak_rss_mib", peak / KIB);
        figures.put("rss_kib_per_call", (double) (peak - residentAtStart) / concurrency);
        figures.put("live_heap_kib_per_call", (live - liveAtStart) / concurrency);
        figures.put("machine_cores_busy", millis(opened.machine(), closed.machine()) / 1e3 / seconds);
        figures.put(
                "foreign_cores_busy",
                (millis(opened.machine(), closed.machine()) - millis(totalBefore, total)) / 1e3 / seconds);
        return new Figures(figures);
    }

    private Snapshot await(long call) throws InterruptedException {
        long deadline = System.nanoTime() + scenario.timeout().toNanos();
        ServerSnapshot counters = server.snapshot();
        while (counters.started() < call) {
            client.requireAlive();
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(scenario.name() + ": "
                        + client.failure(
                                "is stuck; the server has " + counters + " of " + scenario.calls() + " calls"));
            }
            Thread.sleep(POLL_MILLIS);
            counters = server.snapshot();
        }
        return new Snapshot(
                counters,
                System.nanoTime(),
                ResourceUsage.cpu(client.pid()),
                ResourceUsage.cpu(server.pid()),
                others.stream().map(ResourceUsage::cpu).reduce(Duration.ZERO, Duration::plus),
                ResourceUsage.machineCpu());
    }

    private double liveKib() throws InterruptedException {
        client.send("live");
        return Long.parseLong(client.await("live", START)) / KIB;
    }

    private static double millis(Duration from, Duration to) {
        return to.minus(from).toNanos() / 1e6;
    }
}
