package dev.precept.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.benchmarks.duplicates.PlantedCorpus;
import dev.precept.benchmarks.duplicates.SearchProcess;
import dev.precept.benchmarks.duplicates.SearchScore;
import dev.precept.benchmarks.process.BenchmarkWorkspace;
import dev.precept.benchmarks.process.ChildJvm;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code benchmarks/run duplicates}. */
@Command(
        name = "duplicates",
        mixinStandardHelpOptions = true,
        description =
                "Searches documents with planted near-duplicates: Precept, hash4j and Spark's MinHashLSH, one thread"
                        + " each.")
final class DuplicatesCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final double ROUNDING = 1e4;

    @Option(names = "--documents", paramLabel = "N", description = "Documents (default: ${DEFAULT-VALUE})")
    private int documents = 100_000;

    @Option(
            names = "--pairs",
            paramLabel = "N",
            description = "Planted pairs at each similarity (default: ${DEFAULT-VALUE})")
    private int pairs = 2_000;

    @Option(names = "--spark-java", paramLabel = "FILE", description = "java 17 or 21; without it Spark is left out")
    private @Nullable String sparkJava;

    @Option(
            names = "--spark-folder",
            paramLabel = "DIR",
            description = "Where SparkMinHash.java is (default: ${DEFAULT-VALUE})")
    private Path sparkFolder = Path.of("benchmarks/spark");

    @Override
    public Integer call() throws IOException, InterruptedException {
        Instant started = Instant.now();
        PlantedCorpus corpus = PlantedCorpus.create(documents, pairs);
        ObjectNode report = JSON.createObjectNode()
                .put("benchmark", "duplicates")
                .put("commit", System.getProperty("precept.commit", "unknown"))
                .put("started", started.toString())
                .put("documents", documents)
                .put("pairs_at_each_similarity", pairs);
        ObjectNode searches = report.putObject("searches");
        try (BenchmarkWorkspace workspace = BenchmarkWorkspace.open()) {
            Path file = workspace.folder().resolve("documents");
            write(corpus, file);
            for (String name : SearchProcess.NAMES) {
                Map<Double, SearchTime> times = new LinkedHashMap<>();
                try (ChildJvm child = workspace.start(SearchProcess.class, "3g", file, name)) {
                    for (double threshold : PlantedCorpus.LEVELS) {
                        String[] parts = ("searched " + child.await("searched", TIMEOUT)).split(" ", -1);
                        times.put(threshold, SearchTime.read(parts));
                    }
                }
                add(searches, name, file, corpus, times);
            }
            if (sparkJava != null) {
                SparkSearch spark = new SparkSearch(sparkFolder, sparkJava);
                add(searches, "spark", file, corpus, spark.search(file, PlantedCorpus.LEVELS));
            }
        }
        System.out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(report));
        return 0;
    }

    private static void write(PlantedCorpus corpus, Path file) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            for (int number = 0; number < corpus.texts().size(); number++) {
                writer.write(number + "\t" + corpus.texts().get(number) + "\n");
            }
        }
    }

    private void add(ObjectNode searches, String name, Path file, PlantedCorpus corpus, Map<Double, SearchTime> times)
            throws IOException {
        ObjectNode search = searches.putObject(name);
        for (Map.Entry<Double, SearchTime> entry : times.entrySet()) {
            double threshold = entry.getKey();
            SearchScore score = SearchScore.read(file.resolveSibling(name + "-" + threshold), corpus, threshold);
            search.putObject("jaccard_" + threshold)
                    .put(
                            "documents_per_s",
                            Math.round(documents / entry.getValue().elapsed()))
                    .put(
                            "documents_per_cpu_s",
                            Math.round(documents / entry.getValue().cpu()))
                    .put("recall", rounded(score.recall()))
                    .put("recall_above", rounded(score.recallAbove()))
                    .put("precision", rounded(score.precision()))
                    .put("reported", score.reported());
        }
        System.err.println(name + " " + search);
    }

    private static double rounded(double value) {
        return Math.round(value * ROUNDING) / ROUNDING;
    }
}
