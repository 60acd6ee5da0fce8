package dev.precept.dataset.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.dataset.Dataset;
import dev.precept.dataset.InvalidDocumentException;
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
        if (!areValid(results)) {
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

    /**
     * The newest evaluation of a version.
     *
     * @throws IOException if the store fails, or its document is no evaluation
     */
    public static Optional<VersionEvaluation> newest(Dataset dataset, String version) throws IOException {
        Optional<Journal.Entry> newest = journal(dataset, version).newest();
        return newest.isEmpty() ? Optional.empty() : Optional.of(parse(version, newest.get()));
    }

    private static Journal journal(Dataset dataset, String version) {
        return new Journal(dataset.store(), Layout.evaluationsOf(version));
    }

    /** A document with less than an evaluation has must not let a guarded ref move. */
    private static VersionEvaluation parse(String version, Journal.Entry entry) throws IOException {
        List<Result> results = new ArrayList<>();
        for (JsonNode result : entry.body().path("results")) {
            Map<String, Double> measures = new TreeMap<>();
            for (Map.Entry<String, JsonNode> measure : result.path("measures").properties()) {
                measures.put(measure.getKey(), measure.getValue().asDouble(Double.NaN));
            }
            results.add(new Result(
                    result.path("model").asText(),
                    Optional.ofNullable(result.path("effort").textValue()),
                    measures));
        }
        if (!areValid(results)) {
            throw new InvalidDocumentException(Layout.journalEntry(Layout.evaluationsOf(version), entry.number())
                    + " is no evaluation; put it back from a backup");
        }
        return new VersionEvaluation(
                version, entry.number(), entry.body().path("suite").asText(), results);
    }

    private static boolean areValid(List<Result> results) {
        return !results.isEmpty()
                && results.stream()
                        .flatMap(result -> result.measures().values().stream())
                        .allMatch(value -> value >= 0 && value <= 1);
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
