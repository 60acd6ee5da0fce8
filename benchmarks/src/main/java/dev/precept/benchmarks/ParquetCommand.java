package dev.precept.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.benchmarks.process.BenchmarkWorkspace;
import dev.precept.benchmarks.process.ChildJvm;
import dev.precept.benchmarks.rows.WritersProcess;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code benchmarks/run parquet}. */
@Command(
        name = "parquet",
        mixinStandardHelpOptions = true,
        description = "Compares the Parquet writer with DuckDB's COPY and carpet-record: same rows, one thread each.")
final class ParquetCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final List<String> WRITERS = List.of("precept", "precept_quick", "duckdb", "carpet");
    private static final double MB = 1e6;

    @Option(names = "--rows", paramLabel = "N", description = "Rows of 3.9 KB (default: ${DEFAULT-VALUE})")
    private long rows = 20_000;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Measured rounds; prints medians (default: ${DEFAULT-VALUE})")
    private int rounds = 9;

    @Option(names = "--warm-up", paramLabel = "N", description = "Warm-up rounds (default: ${DEFAULT-VALUE})")
    private int warmUp = 5;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Instant started = Instant.now();
        Map<String, List<Figures>> runs = new LinkedHashMap<>();
        long bytes;
        try (BenchmarkWorkspace benchmarkWorkspace = BenchmarkWorkspace.open()) {
            ChildJvm childJvm = benchmarkWorkspace.start(WritersProcess.class, "2g", benchmarkWorkspace.folder(), rows);
            bytes = Long.parseLong(childJvm.await("ready", TIMEOUT));
            for (int round = -warmUp; round < rounds; round++) {
                for (String writer : WRITERS) {
                    childJvm.send(writer);
                    Figures figures = figures(childJvm.await(writer, TIMEOUT), bytes);
                    if (round >= 0) {
                        runs.computeIfAbsent(writer, _ -> new ArrayList<>()).add(figures);
                    }
                    System.err.println(writer + " " + figures.json());
                }
            }
        }
        ObjectNode report = JSON.createObjectNode()
                .put("benchmark", "parquet")
                .put("commit", System.getProperty("precept.commit", "unknown"))
                .put("started", started.toString())
                .put("rows", rows)
                .put("row_bytes", (double) bytes / rows)
                .put("rounds", rounds);
        ObjectNode writers = report.putObject("writers");
        Map<String, Figures> medians = new LinkedHashMap<>();
        runs.forEach((writer, all) -> medians.put(writer, Figures.medians(all)));
        medians.forEach((writer, median) -> writers.set(writer, median.json()));
        report.set("precept_over_duckdb", ratio(medians, "duckdb").json());
        report.set("precept_over_carpet", ratio(medians, "carpet").json());
        System.out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(report));
        return 0;
    }

    /** @param result nanoseconds, nanoseconds of CPU time, bytes of the file */
    private static Figures figures(String result, long bytes) {
        String[] parts = result.split(" ", -1);
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("mb_per_s", bytes / MB / (Long.parseLong(parts[0]) / 1e9));
        figures.put("mb_per_s_per_core", bytes / MB / (Long.parseLong(parts[1]) / 1e9));
        figures.put("stored_share", Long.parseLong(parts[2]) / (double) bytes);
        return new Figures(figures);
    }

    private static Figures ratio(Map<String, Figures> medians, String other) {
        Map<String, Double> ratios = new LinkedHashMap<>();
        for (Map.Entry<String, Figures> writer : medians.entrySet()) {
            if (writer.getKey().equals("precept")) {
                writer.getValue()
                        .byName()
                        .forEach((figure, value) -> ratios.put(
                                figure,
                                value
                                        / medians.getOrDefault(other, writer.getValue())
                                                .of(figure)));
            }
        }
        return new Figures(ratios);
    }
}
