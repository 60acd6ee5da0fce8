package dev.precept.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.benchmarks.process.BenchmarkWorkspace;
import dev.precept.benchmarks.process.ChildJvm;
import dev.precept.benchmarks.rows.ReleaseProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code benchmarks/run release}. */
@Command(
        name = "release",
        mixinStandardHelpOptions = true,
        description = "Measures the release of many small rows with the search for near-duplicates, and without it.")
final class ReleaseCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofHours(1);

    @Option(names = "--rows", paramLabel = "N", description = "Rows, two of each prompt (default: ${DEFAULT-VALUE})")
    private int rows = 2_000_000;

    @Option(names = "--heap", paramLabel = "SIZE", description = "Heap of a release (default: ${DEFAULT-VALUE})")
    private String heap = "2g";

    @Option(
            names = "--scenarios",
            split = ",",
            paramLabel = "NAME",
            description =
                    "pairs-0.01, pairs-0.5: this share of the texts is nearly equal to an earlier one; cluster-0.05:"
                            + " of all texts, this share is nearly equal; template-0.005: this share is alike, below the"
                            + " threshold (default: ${DEFAULT-VALUE})")
    private List<String> scenarios = List.of("pairs-0.01", "pairs-0.5", "cluster-0.05", "template-0.005");

    @Override
    public Integer call() throws IOException, InterruptedException {
        ObjectNode json = JSON.createObjectNode()
                .put("benchmark", "release")
                .put("commit", System.getProperty("precept.commit", "unknown"))
                .put("started", Instant.now().toString())
                .put("rows", rows)
                .put("heap", heap);
        for (String scenario : scenarios) {
            try (BenchmarkWorkspace workspace = BenchmarkWorkspace.open()) {
                json.set(scenario, measure(workspace, scenario));
            }
        }
        System.out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json));
        return 0;
    }

    private ObjectNode measure(BenchmarkWorkspace workspace, String scenario) throws IOException, InterruptedException {
        int dash = scenario.indexOf('-');
        String kind = scenario.substring(0, dash).toUpperCase(java.util.Locale.ROOT);
        Path folder = Files.createDirectories(workspace.folder().resolve("data"));
        String bytes = run(workspace, "fill", folder, rows, kind, scenario.substring(dash + 1));
        ObjectNode figures = JSON.createObjectNode().put("dataset_mib", Long.parseLong(bytes) >> 20);
        ObjectNode off = release(workspace, folder, "off", "OFF");
        ObjectNode first = release(workspace, folder, "first", "REJECT");
        ObjectNode second = release(workspace, folder, "second", "REJECT");
        figures.set("off", off);
        figures.set("reject", first);
        figures.put("same_bytes_twice", first.path("files_sha256").equals(second.path("files_sha256")));
        System.err.println(scenario + " " + figures);
        return figures;
    }

    private ObjectNode release(BenchmarkWorkspace workspace, Path folder, String version, String policy)
            throws InterruptedException, JsonProcessingException {
        ObjectNode figures = (ObjectNode) JSON.readTree(run(workspace, "release", folder, version, policy));
        figures.put("rows_per_s", Math.round(rows / figures.path("seconds").asDouble()));
        System.err.println(version + " " + figures);
        return figures;
    }

    private String run(BenchmarkWorkspace workspace, Object... arguments) throws InterruptedException {
        try (ChildJvm child = workspace.start(ReleaseProcess.class, heap, arguments)) {
            return child.await("done", TIMEOUT);
        }
    }
}
