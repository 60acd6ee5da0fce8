package dev.precept.benchmarks;

import dev.precept.benchmarks.client.BrokerProcess;
import dev.precept.benchmarks.process.BenchmarkWorkspace;
import dev.precept.benchmarks.process.ChildJvm;
import dev.precept.benchmarks.process.ResourceUsage;
import dev.precept.benchmarks.rows.CommittedSamples;
import dev.precept.benchmarks.rows.SampleTopics;
import dev.precept.benchmarks.rows.SinkProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Measures one sink that writes a full topic to a folder. */
final class SinkBenchmark {
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration TIMEOUT = Duration.ofMinutes(10);
    private static final long POLL_MILLIS = 50;
    private static final double MB = 1e6;
    private static final double MIB = 1 << 20;

    private final BenchmarkWorkspace benchmarkWorkspace;
    private final long rows;
    private final String heap;
    private int measured;

    SinkBenchmark(BenchmarkWorkspace benchmarkWorkspace, long rows, String heap) {
        this.benchmarkWorkspace = benchmarkWorkspace;
        this.rows = rows;
        this.heap = heap;
    }

    /** Progress and resource usage at one moment. */
    private record Reading(long nanos, Duration cpu, Duration machine, long rows) {}

    Figures measure(int partitions) throws IOException, InterruptedException {
        String name = "sink" + ++measured;
        Path schemas = benchmarkWorkspace.folder().resolve("schemas.json");
        Path dataset = benchmarkWorkspace.folder().resolve(name);
        try (ChildJvm broker = benchmarkWorkspace.start(
                BrokerProcess.class, "1g", benchmarkWorkspace.folder().resolve(name + "-broker"))) {
            String bootstrap = broker.await("address", START);
            long bytes = new SampleTopics(bootstrap, schemas, name, partitions).fill(rows);
            try (ChildJvm sink = benchmarkWorkspace.start(
                    SinkProcess.class,
                    heap,
                    bootstrap,
                    schemas,
                    name,
                    partitions,
                    dataset,
                    benchmarkWorkspace.folder().resolve(name + "-spool"))) {
                sink.await("ready", START);
                return drain(sink, new CommittedSamples(dataset), bytes);
            }
        }
    }

    private Figures drain(ChildJvm sink, CommittedSamples committed, long bytes)
            throws IOException, InterruptedException {
        Reading start = reading(sink, committed);
        sink.send("go");
        Reading warm = until(sink, committed, rows / 3);
        Reading end = until(sink, committed, rows);
        sink.send("peak");
        long peak = Long.parseLong(sink.await("peak", START));
        double rowBytes = (double) bytes / rows;
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("row_bytes", rowBytes);
        figures.put("mb_per_s_per_core", mbPerCpu(warm, end, rowBytes));
        figures.put("mb_per_s_per_core_with_start", mbPerCpu(start, end, rowBytes));
        figures.put("mb_per_s", (end.rows() - warm.rows()) * rowBytes / MB / seconds(warm, end));
        figures.put("seconds", seconds(start, end));
        figures.put("commits", (double) committed.commits());
        figures.put("stored_share", committed.bytes() / (double) bytes);
        figures.put("peak_live_heap_mib", peak / MIB);
        figures.put("peak_rss_mib", ResourceUsage.peakKib(sink.pid()) / 1024.0);
        double sinkCores = cores(warm.cpu(), end.cpu(), warm, end);
        figures.put("cores_busy", sinkCores);
        figures.put("foreign_cores_busy", cores(warm.machine(), end.machine(), warm, end) - sinkCores);
        return new Figures(figures);
    }

    private static double mbPerCpu(Reading from, Reading to, double rowBytes) {
        return (to.rows() - from.rows())
                * rowBytes
                / MB
                / (to.cpu().minus(from.cpu()).toNanos() / 1e9);
    }

    private static double seconds(Reading from, Reading to) {
        return (to.nanos() - from.nanos()) / 1e9;
    }

    private static double cores(Duration from, Duration to, Reading first, Reading last) {
        return to.minus(from).toNanos() / (double) (last.nanos() - first.nanos());
    }

    private Reading until(ChildJvm sink, CommittedSamples committed, long target)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (committed.rows() < target) {
            sink.requireAlive();
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        sink.failure("committed " + committed.rows() + " of " + target + " rows"));
            }
            Thread.sleep(POLL_MILLIS);
        }
        return reading(sink, committed);
    }

    private static Reading reading(ChildJvm sink, CommittedSamples committed) throws IOException {
        return new Reading(
                System.nanoTime(), ResourceUsage.cpu(sink.pid()), ResourceUsage.machineCpu(), committed.rows());
    }
}
