package dev.precept.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.benchmarks.process.BenchmarkWorkspace;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code benchmarks/run pipeline}. */
@Command(
        name = "pipeline",
        mixinStandardHelpOptions = true,
        description =
                "Measures samples a second and CPU time per sample of a whole run in one process, with a model server"
                        + " without latency.")
final class PipelineCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(names = "--prompts", paramLabel = "N", description = "Prompts (default: ${DEFAULT-VALUE})")
    private int prompts = 20_000;

    @Option(names = "--votes", paramLabel = "N", description = "Votes per sample (default: ${DEFAULT-VALUE})")
    private int votes = 3;

    @Option(names = "--heap", paramLabel = "SIZE", description = "Heap of the run (default: ${DEFAULT-VALUE})")
    private String heap = "2g";

    @Option(
            names = "--recipe",
            paramLabel = "YAML",
            description = "Lines to add to the recipe, as in 'streams: {commit_interval: 1s}'")
    private String recipe = "";

    @Override
    public Integer call() throws IOException, InterruptedException {
        ObjectNode report = JSON.createObjectNode()
                .put("benchmark", "pipeline")
                .put("commit", System.getProperty("precept.commit", "unknown"))
                .put("started", Instant.now().toString())
                .put("cores", Runtime.getRuntime().availableProcessors())
                .put("heap", heap)
                .put("recipe", recipe);
        try (BenchmarkWorkspace workspace = BenchmarkWorkspace.open()) {
            report.setAll(new PipelineBenchmark(workspace, prompts, votes, recipe).measure(heap));
        }
        System.out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(report));
        return 0;
    }
}
