package dev.precept.benchmarks;

import dev.precept.benchmarks.process.ChildJvm;
import dev.precept.benchmarks.process.ResourceUsage;
import dev.precept.benchmarks.server.ModelServer;
import dev.precept.benchmarks.server.ServerSnapshot;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One client against one server, looked at from outside while it works. */
final class Measurement {
    private static final Duration START = Duration.ofSeconds(60);
    private static final long LOOK_MILLIS = 100;
    private static final double KIB = 1024;

    private final Scenario scenario;
    private final ModelServer server;
    private final ChildJvm client;
    private final List<Long> others;

    /** @param others processes of this benchmark beside server and client */
    Measurement(Scenario scenario, ModelServer server, ChildJvm client, List<Long> others) {
        this.scenario = scenario;
        this.server = server;
        this.client = client;
        this.others = others;
    }

    /** What was seen at one moment, and the CPU time used until then. */
    private record Snapshot(
            ServerSnapshot seen, long at, Duration client, Duration server, Duration others, Duration machine) {}

    /** Lets the client go, and returns what it took in the window; the client still runs then. */
    Figures run() throws InterruptedException {
        client.hear("ready", START);
        double liveAtStart = liveKib();
        long residentAtStart = ResourceUsage.residentKib(client.pid());
        client.tell("go");
        Snapshot opened = await(scenario.opens());
        Snapshot closed = await(scenario.closes());
        long peak = ResourceUsage.peakKib(client.pid());
        double live = liveKib();

        ServerSnapshot seen = closed.seen();
        double seconds = (closed.at() - opened.at()) / 1e9;
        double calls = seen.served() - opened.seen().served();
        Duration ours = closed.client().plus(closed.server()).plus(closed.others());
        Duration oursBefore = opened.client().plus(opened.server()).plus(opened.others());
        Map<String, Double> figures = new LinkedHashMap<>();
        int places = scenario.places();
        figures.put("utilisation", seen.utilisation(scenario.opens(), scenario.closes(), places));
        figures.put("utilisation_with_start", seen.utilisation(scenario.full(), scenario.closes(), places));
        figures.put("window_s", seconds);
        figures.put("calls_per_s", calls / seconds);
        figures.put("most_in_flight", (double) seen.most());
        figures.put("request_bytes", (double) seen.requestBytes() / seen.begun());
        figures.put("abandoned", (double) seen.abandoned());
        figures.put("cpu_ms_per_call", millis(opened.client(), closed.client()) / calls);
        figures.put("server_cpu_ms_per_call", millis(opened.server(), closed.server()) / calls);
        figures.put("peak_rss_mib", peak / KIB);
        figures.put("rss_kib_per_call", (double) (peak - residentAtStart) / places);
        figures.put("live_heap_kib_per_call", (live - liveAtStart) / places);
        figures.put("machine_cores_busy", millis(opened.machine(), closed.machine()) / 1e3 / seconds);
        figures.put(
                "foreign_cores_busy",
                (millis(opened.machine(), closed.machine()) - millis(oursBefore, ours)) / 1e3 / seconds);
        return new Figures(figures);
    }

    private Snapshot await(long call) throws InterruptedException {
        long deadline = System.nanoTime() + scenario.patience().toNanos();
        ServerSnapshot seen = server.snapshot();
        while (seen.begun() < call) {
            client.requireAlive();
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(scenario.name() + ": "
                        + client.failure("is stuck; the server has seen " + seen + " of " + scenario.calls()));
            }
            Thread.sleep(LOOK_MILLIS);
            seen = server.snapshot();
        }
        return new Snapshot(
                seen,
                System.nanoTime(),
                ResourceUsage.cpu(client.pid()),
                ResourceUsage.cpu(server.pid()),
                others.stream().map(ResourceUsage::cpu).reduce(Duration.ZERO, Duration::plus),
                ResourceUsage.machineCpu());
    }

    private double liveKib() throws InterruptedException {
        client.tell("live");
        return Long.parseLong(client.hear("live", START)) / KIB;
    }

    private static double millis(Duration from, Duration to) {
        return to.minus(from).toNanos() / 1e6;
    }
}
