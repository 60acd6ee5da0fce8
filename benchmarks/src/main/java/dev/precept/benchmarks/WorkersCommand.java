package dev.precept.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.benchmarks.process.BenchmarkWorkspace;
import dev.precept.benchmarks.process.ResourceUsage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code benchmarks/run workers}. */
@Command(
        name = "workers",
        mixinStandardHelpOptions = true,
        description =
                "Compares the server utilisation of one generator worker with that of a bare closed loop of the same client.")
final class WorkersCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double KIB_PER_GIB = 1 << 20;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--scenarios",
            split = ",",
            paramLabel = "NAME",
            description = "Scenarios, comma-separated: constant-1000, constant-2000, tail-1000, tail-2000, inflight,"
                    + " overload, blip-100, blip-3000, blip-60000 (default: all)")
    private List<String> names = List.of();

    @Option(
            names = "--repeat",
            paramLabel = "N",
            description = "Repetitions; prints medians (default: ${DEFAULT-VALUE})")
    private int repeat = 1;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "Approximate length of the steady part of each measurement (default: ${DEFAULT-VALUE})")
    private int seconds = 18;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Partitions of each topic (default: ${DEFAULT-VALUE})")
    private int partitions = 8;

    @Option(names = "--no-screens", description = "Prompts of a run that has the screens of completions off")
    private boolean noScreens;

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Scenario> scenarios = scenarios();
        ObjectNode report = JSON.createObjectNode()
                .put("benchmark", "workers")
                .put("commit", System.getProperty("precept.commit", "unknown"))
                .put("started", Instant.now().toString())
                .put("steady_s", seconds)
                .put("repeat", repeat)
                .put("partitions", partitions);
        report.putObject("machine")
                .put("cores", Runtime.getRuntime().availableProcessors())
                .put("memory_gib", Math.round(ResourceUsage.machineKib() / KIB_PER_GIB * 10) / 10.0)
                .put("jvm", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"))
                .put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        report.put("screens", !noScreens);
        ArrayNode measured = report.putArray("scenarios");
        try (BenchmarkWorkspace benchmarkWorkspace = BenchmarkWorkspace.open()) {
            WorkersBenchmark benchmark = new WorkersBenchmark(benchmarkWorkspace, partitions, !noScreens);
            for (Scenario scenario : scenarios) {
                measured.add(benchmark.measure(scenario, repeat));
            }
            OverloadBenchmark overload = benchmark.overload();
            for (String name : OverloadBenchmark.names()) {
                if (names.isEmpty() || names.contains(name)) {
                    measured.add(overload.measure(name));
                }
            }
        }
        System.out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(report));
        return 0;
    }

    private List<Scenario> scenarios() {
        if (repeat < 1 || seconds < 1 || partitions < 1) {
            throw new ParameterException(spec.commandLine(), "--repeat, --seconds and --partitions must be at least 1");
        }
        List<Scenario> all = Scenario.all(Duration.ofSeconds(seconds));
        List<String> known = Stream.concat(all.stream().map(Scenario::name), OverloadBenchmark.names().stream())
                .toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--scenarios: no scenario '" + name + "'; the scenarios are " + String.join(", ", known));
            }
        }
        return all.stream()
                .filter(scenario -> names.isEmpty() || names.contains(scenario.name()))
                .toList();
    }
}
