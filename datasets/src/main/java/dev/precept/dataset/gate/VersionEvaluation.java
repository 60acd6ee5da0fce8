package dev.precept.dataset.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.Journal;
import dev.precept.dataset.Layout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was measured on a model that was trained on a version, {@code evaluations/<version>/<number>.json}.
 *
 * @param number from 1; the newest one counts
 * @param suite such as {@code safety}
 */
public record VersionEvaluation(String version, long number, String suite, List<Result> results) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public VersionEvaluation {
        results = List.copyOf(results);
    }

    /**
     * What was measured on one model with one reasoning effort.
     *
     * @param effort empty for that of the server
     * @param measures 0-1, by the labels of {@link Measure}; what was not measured is absent
     */
    public record Result(String model, Optional<String> effort, Map<String, Double> measures) {
        public Result {
            measures = new TreeMap<>(measures);
        }

        String label() {
            return model + effort.map(" "::concat).orElse("");
        }
    }

    /**
     * Records an evaluation as the newest of a version.
     *
     * @throws IllegalArgumentException if a measure is not from 0 to 1
     */
    public static VersionEvaluation record(Dataset dataset, String version, String suite, List<Result> results)
            throws IOException {
        if (results.isEmpty()
                || results.stream()
                        .flatMap(result -> result.measures().values().stream())
                        .anyMatch(value -> !(value >= 0 && value <= 1))) {
            throw new IllegalArgumentException("an evaluation has results with measures from 0 to 1");
        }
        while (true) {
            VersionEvaluation next = new VersionEvaluation(
                    version,
                    newest(dataset, version).map(VersionEvaluation::number).orElse(0L) + 1,
                    suite,
                    results);
            if (journal(dataset, version).append(next.number, next.json())) {
                return next;
            }
        }
    }

    /** The newest evaluation of a version. */
    public static Optional<VersionEvaluation> newest(Dataset dataset, String version) throws IOException {
        List<Journal.Entry> entries = journal(dataset, version).entries();
        return entries.isEmpty() ? Optional.empty() : Optional.of(parse(version, entries.getLast()));
    }

    private static Journal journal(Dataset dataset, String version) {
        return new Journal(dataset.store(), Layout.evaluationsOf(version));
    }

    private static VersionEvaluation parse(String version, Journal.Entry entry) {
        List<Result> results = new ArrayList<>();
        for (JsonNode result : entry.body().path("results")) {
            Map<String, Double> measures = new TreeMap<>();
            result.path("measures")
                    .properties()
                    .forEach(each -> measures.put(each.getKey(), each.getValue().asDouble()));
            results.add(new Result(
                    result.path("model").asText(),
                    Optional.ofNullable(result.path("effort").textValue()),
                    measures));
        }
        return new VersionEvaluation(
                version, entry.number(), entry.body().path("suite").asText(), results);
    }

    private ObjectNode json() {
        ObjectNode json = JSON.createObjectNode().put("version", version).put("suite", suite);
        for (Result result : results) {
            ObjectNode entry = json.withArray("results").addObject().put("model", result.model);
            result.effort.ifPresent(effort -> entry.put("effort", effort));
            ObjectNode measures = entry.putObject("measures");
            result.measures.forEach(measures::put);
        }
        return json;
    }
}
