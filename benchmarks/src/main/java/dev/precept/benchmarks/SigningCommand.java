package dev.precept.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.benchmarks.duplicates.SigningProcess;
import dev.precept.benchmarks.process.BenchmarkWorkspace;
import dev.precept.benchmarks.process.ChildJvm;
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

/** {@code benchmarks/run signing}. */
@Command(
        name = "signing",
        mixinStandardHelpOptions = true,
        description = "Compares the signing of documents with hash4j's MinHash: same documents, one thread each.")
final class SigningCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    @Option(names = "--documents", paramLabel = "N", description = "Documents (default: ${DEFAULT-VALUE})")
    private int documents = 4_000;

    @Option(names = "--words", paramLabel = "N", description = "Words of a document (default: ${DEFAULT-VALUE})")
    private int words = 500;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Measured rounds; prints medians (default: ${DEFAULT-VALUE})")
    private int rounds = 9;

    @Option(names = "--warm-up", paramLabel = "N", description = "Warm-up rounds (default: ${DEFAULT-VALUE})")
    private int warmUp = 4;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Instant started = Instant.now();
        Map<String, List<Figures>> runs = new LinkedHashMap<>();
        long characters;
        try (BenchmarkWorkspace workspace = BenchmarkWorkspace.open()) {
            ChildJvm child = workspace.start(SigningProcess.class, "1g", documents, words);
            characters = Long.parseLong(child.await("ready", TIMEOUT));
            for (int round = -warmUp; round < rounds; round++) {
                for (String name : SigningProcess.NAMES) {
                    child.send(name);
                    Figures figures = figures(child.await(name, TIMEOUT));
                    if (round >= 0) {
                        runs.computeIfAbsent(name, _ -> new ArrayList<>()).add(figures);
                    }
                    System.err.println(name + " " + figures.json());
                }
            }
        }
        ObjectNode report = JSON.createObjectNode()
                .put("benchmark", "signing")
                .put("commit", System.getProperty("precept.commit", "unknown"))
                .put("started", started.toString())
                .put("documents", documents)
                .put("words", words)
                .put("characters", characters)
                .put("rounds", rounds);
        ObjectNode signers = report.putObject("signers");
        runs.forEach((name, all) -> signers.set(name, Figures.medians(all).json()));
        System.out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(report));
        return 0;
    }

    /** @param result nanoseconds, nanoseconds of CPU time, bands */
    private Figures figures(String result) {
        String[] parts = result.split(" ", -1);
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("documents_per_s", documents / (Long.parseLong(parts[0]) / 1e9));
        figures.put("documents_per_s_per_core", documents / (Long.parseLong(parts[1]) / 1e9));
        return new Figures(figures);
    }
}
