package dev.precept.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.benchmarks.process.BenchmarkWorkspace;
import dev.precept.benchmarks.process.ChildJvm;
import dev.precept.benchmarks.rows.ConsoleProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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

/** {@code benchmarks/run console}. */
@Command(
        name = "console",
        mixinStandardHelpOptions = true,
        description = "Measures the console over a large dataset: first page, filters, search and memory.")
final class ConsoleCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofMinutes(30);
    private static final Map<String, String> FILTERS = filters();

    @Option(names = "--rows", paramLabel = "N", description = "Rows (default: ${DEFAULT-VALUE})")
    private int rows = 1_000_000;

    @Option(names = "--heap", paramLabel = "SIZE", description = "Heap of the console (default: ${DEFAULT-VALUE})")
    private String heap = "512m";

    @Option(names = "--data", paramLabel = "DIR", description = "Keep the dataset here, and use it if it exists")
    private @Nullable Path data;

    private final HttpClient client = HttpClient.newHttpClient();

    private static Map<String, String> filters() {
        Map<String, String> filters = new LinkedHashMap<>();
        filters.put("none", "");
        filters.put("category", "category=category-7");
        filters.put("rare_category", "category=rare");
        filters.put("clause", "clause=clause-123");
        filters.put("disagreement", "judges=disagree");
        filters.put("three_columns", "category=category-7&style=refuse&source=source-3");
        filters.put("nothing_found", "reason=LOW_SCORE");
        return filters;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        ObjectNode json = JSON.createObjectNode()
                .put("benchmark", "console")
                .put("commit", System.getProperty("precept.commit", "unknown"))
                .put("started", Instant.now().toString())
                .put("rows", rows)
                .put("heap", heap);
        try (BenchmarkWorkspace workspace = BenchmarkWorkspace.open()) {
            Path folder = data == null ? workspace.folder().resolve("data") : data;
            if (!Files.exists(folder.resolve("dataset"))) {
                Files.createDirectories(folder);
                try (ChildJvm child = workspace.start(ConsoleProcess.class, "1g", "fill", folder, rows)) {
                    json.put("dataset_mib", Long.parseLong(child.await("done", TIMEOUT)) >> 20);
                }
            }
            try (ChildJvm child = workspace.start(ConsoleProcess.class, heap, "serve", folder)) {
                measure(child, json);
            }
        }
        System.out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json));
        return 0;
    }

    private void measure(ChildJvm child, ObjectNode json) throws IOException, InterruptedException {
        String url = child.await("serves", TIMEOUT);
        long opened = System.nanoTime();
        JsonNode page = page(url, "");
        while (page.path("rows").isEmpty()) {
            page = page(url, "");
        }
        json.put("first_page_s", seconds(opened))
                .put("first_page_rows", page.path("rows").size());
        while (!page.path("complete").asBoolean()) {
            Thread.sleep(200);
            page = page(url, "");
        }
        json.put("index_s", seconds(opened))
                .put("index_rows", page.path("total").asLong());
        ObjectNode filters = json.putObject("filters");
        for (Map.Entry<String, String> filter : FILTERS.entrySet()) {
            ObjectNode figures = filters.putObject(filter.getKey());
            for (String round : new String[] {"first_s", "second_s"}) {
                long start = System.nanoTime();
                JsonNode found = page(url, filter.getValue());
                figures.put(round, seconds(start))
                        .put("rows", found.path("total").asLong());
            }
        }
        String id = page.path("rows").path(0).path("id").asText();
        long start = System.nanoTime();
        get(url + "/api/rows/" + id);
        json.put("one_row_s", seconds(start));
        start = System.nanoTime();
        get(url + "/api/search?q=no%20row%20holds%20this");
        json.put("search_of_all_texts_s", seconds(start));
        json.put("peak_rss_mib", peakRss(child.pid()) >> 10);
    }

    private JsonNode page(String url, String filter) throws IOException, InterruptedException {
        return JSON.readTree(get(url + "/api/rows?limit=50&" + filter));
    }

    private String get(String url) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create(url)).GET().build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(url + ": " + response.statusCode() + " " + response.body());
        }
        return response.body();
    }

    private static double seconds(long since) {
        return Math.round((System.nanoTime() - since) / 1e6) / 1e3;
    }

    /** Kilobytes. */
    private static long peakRss(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow();
    }
}
