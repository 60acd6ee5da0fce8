package dev.precept.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.benchmarks.process.BenchmarkWorkspace;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code benchmarks/run sink}. */
@Command(
        name = "sink",
        mixinStandardHelpOptions = true,
        description = "Measures speed and memory of one sink that writes a full topic to a folder.")
final class SinkCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(
            names = "--partitions",
            paramLabel = "N",
            split = ",",
            description = "Partitions of the topic, one measurement each (default: ${DEFAULT-VALUE})")
    private List<Integer> partitions = List.of(1, 32, 256);

    @Option(names = "--rows", paramLabel = "N", description = "Rows of 3.9 KB (default: ${DEFAULT-VALUE})")
    private long rows = 400_000;

    @Option(
            names = "--repeat",
            paramLabel = "N",
            description = "Repetitions; prints medians (default: ${DEFAULT-VALUE})")
    private int repeat = 1;

    @Option(names = "--heap", paramLabel = "SIZE", description = "Heap of the sink (default: ${DEFAULT-VALUE})")
    private String heap = "512m";

    @Override
    public Integer call() throws IOException, InterruptedException {
        ObjectNode report = JSON.createObjectNode()
                .put("benchmark", "sink")
                .put("commit", System.getProperty("precept.commit", "unknown"))
                .put("started", Instant.now().toString())
                .put("cores", Runtime.getRuntime().availableProcessors())
                .put("rows", rows)
                .put("heap", heap)
                .put("repeat", repeat);
        ObjectNode results = report.putObject("partitions");
        for (int count : partitions) {
            List<Figures> runs = new ArrayList<>();
            for (int i = 0; i < repeat; i++) {
                try (BenchmarkWorkspace benchmarkWorkspace = BenchmarkWorkspace.open()) {
                    runs.add(new SinkBenchmark(benchmarkWorkspace, rows, heap).measure(count));
                }
                System.err.println(count + " partitions: " + runs.getLast().json());
            }
            results.set(String.valueOf(count), Figures.medians(runs).json());
        }
        System.out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(report));
        return 0;
    }
}
