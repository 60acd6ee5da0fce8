package dev.precept.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.benchmarks.process.BenchmarkWorkspace;
import dev.precept.benchmarks.server.Latency;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code benchmarks/run handovers}. */
@Command(
        name = "rebalance",
        mixinStandardHelpOptions = true,
        description = "Counts repeated calls after a worker is killed, and when a second one joins.")
final class RebalanceCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(names = "--concurrency", paramLabel = "N", description = "Calls in flight (default: ${DEFAULT-VALUE})")
    private int concurrency = 1_000;

    @Option(names = "--tasks", paramLabel = "N", description = "Tasks per measurement (default: ${DEFAULT-VALUE})")
    private long tasks = 15_000;

    @Option(
            names = "--latency",
            paramLabel = "tail|constant:MS",
            description = "Latency of the server (default: ${DEFAULT-VALUE})")
    private String latency = "tail";

    @Option(names = "--long-calls-only", description = "Measures only the join during calls of 30 s")
    private boolean longCallsOnly;

    @Override
    public Integer call() throws IOException, InterruptedException {
        ObjectNode report = JSON.createObjectNode()
                .put("benchmark", "rebalance")
                .put("commit", System.getProperty("precept.commit", "unknown"))
                .put("started", Instant.now().toString())
                .put("latency", latency)
                .put("concurrency", concurrency);
        try (BenchmarkWorkspace benchmarkWorkspace = BenchmarkWorkspace.open()) {
            RebalanceBenchmark benchmark =
                    new RebalanceBenchmark(benchmarkWorkspace, Latency.parse(latency), concurrency, tasks);
            if (!longCallsOnly) {
                report.set("kill", benchmark.kill(true));
                System.err.println(report);
                report.set("kill_without_cache", benchmark.kill(false));
                System.err.println(report);
                report.set("join", benchmark.join());
                System.err.println(report);
            }
            report.set("join_during_long_calls", benchmark.joinDuringLongCalls(RebalanceBenchmark.DEFAULT_HANDOVER));
            System.err.println(report);
            report.set(
                    "join_during_long_calls_short_handover",
                    benchmark.joinDuringLongCalls(RebalanceBenchmark.SHORT_HANDOVER));
        }
        System.out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(report));
        return 0;
    }
}
