package dev.precept.evaluation.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.config.ConfigurationException;
import dev.precept.evaluation.gpqa.GpqaEvaluation;
import dev.precept.evaluation.result.Interval;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Two evaluations with the same questions. Differences are paired by question, so that what both models find hard does not
 * widen the interval.
 *
 * @param before the numbers of the first one
 * @param after the numbers of the second one
 */
public record Comparison(JsonNode before, JsonNode after, List<Difference> differences) {
    public Comparison {
        differences = List.copyOf(differences);
    }

    /**
     * The difference of one number.
     *
     * @param before over the questions that count in both
     * @param after over the same
     * @param change after less before; its interval is that of the paired bootstrap
     */
    public record Difference(String name, double before, double after, Interval change) {
        /** Whether zero is outside the interval. */
        public boolean isClear() {
            return change.low() > 0 || change.high() < 0;
        }
    }

    /**
     * Compares the results in two folders.
     *
     * @throws ConfigurationException if they cannot be compared, with the first reason
     */
    public static Comparison of(Path before, Path after) throws IOException {
        EvaluationResult first = EvaluationResult.read(before);
        EvaluationResult second = EvaluationResult.read(after);
        requireComparable(first, second);
        boolean gpqa = first.suite().equals(GpqaEvaluation.SUITE);
        List<Difference> differences = gpqa
                ? List.of(difference("score", first.scores(), second.scores()))
                : bySet(first.scores(), second.scores());
        return new Comparison(first.json(), second.json(), differences);
    }

    private static void requireComparable(EvaluationResult first, EvaluationResult second) {
        require(first, second, "suite", json -> json.path("suite").asText());
        if (first.suite().equals(GpqaEvaluation.SUITE)) {
            require(
                    first,
                    second,
                    "questions (SHA-256)",
                    json -> json.path("questions").path("sha256").asText());
            require(first, second, "mode", json -> json.path("mode").asText());
            require(
                    first,
                    second,
                    "repeats",
                    json -> json.path("counts").path("repeats").asText());
            require(
                    first,
                    second,
                    "wording of the prompt",
                    json -> json.path("prompt").asText());
        } else {
            require(first, second, "sets", Comparison::sets);
            for (String part : List.of("judge", "judge_template", "judge_criteria", "specification")) {
                require(
                        first,
                        second,
                        part,
                        json -> json.path("judge").path(part).asText());
            }
        }
        first.requireComplete();
        second.requireComplete();
        if (!first.scores().keySet().equals(second.scores().keySet())) {
            throw new ConfigurationException(
                    first.folder() + " and " + second.folder()
                            + " cannot be compared: they have other rows, prompts, categories or labels; evaluate with one recipe");
        }
    }

    private static String sets(JsonNode json) {
        StringBuilder sets = new StringBuilder();
        for (JsonNode set : json.path("sets")) {
            sets.append(sets.isEmpty() ? "" : ", ")
                    .append(set.path("name").asText())
                    .append(' ');
            sets.append(
                    set.path("sha256").asText(),
                    0,
                    Math.min(12, set.path("sha256").asText().length()));
            sets.append(' ').append(set.path("scoring").asText());
        }
        return sets.toString();
    }

    private interface Part {
        String of(JsonNode json);
    }

    private static void require(EvaluationResult first, EvaluationResult second, String what, Part part) {
        String one = part.of(first.json());
        String other = part.of(second.json());
        if (!one.equals(other)) {
            throw new ConfigurationException(first.folder() + " and " + second.folder() + " cannot be compared: " + what
                    + " is " + one + " in the first and " + other + " in the second");
        }
    }

    private static List<Difference> bySet(Map<RowKey, Double> before, Map<RowKey, Double> after) {
        Map<String, List<RowKey>> groups = new LinkedHashMap<>();
        groups.put("not_unsafe", new ArrayList<>());
        groups.put("not_overrefuse", new ArrayList<>());
        for (RowKey key : before.keySet()) {
            key.measure()
                    .ifPresent(measure -> groups.computeIfAbsent(measure, _ -> new ArrayList<>())
                            .add(key));
            groups.computeIfAbsent(key.group(), _ -> new ArrayList<>()).add(key);
        }
        List<Difference> differences = new ArrayList<>();
        groups.forEach((name, keys) -> {
            if (!keys.isEmpty()) {
                differences.add(difference(name, only(before, keys), only(after, keys)));
            }
        });
        return differences;
    }

    private static Map<RowKey, Double> only(Map<RowKey, Double> scores, List<RowKey> keys) {
        Map<RowKey, Double> only = new TreeMap<>(scores);
        only.keySet().retainAll(keys);
        return only;
    }

    /** Over the rows that count in both: an empty answer counts in none. */
    private static Difference difference(String name, Map<RowKey, Double> before, Map<RowKey, Double> after) {
        List<Double> changes = new ArrayList<>();
        double first = 0;
        double second = 0;
        for (Map.Entry<RowKey, Double> row : before.entrySet()) {
            double one = row.getValue();
            double other = after.getOrDefault(row.getKey(), Double.NaN);
            if (!Double.isNaN(one) && !Double.isNaN(other)) {
                changes.add(other - one);
                first += one;
                second += other;
            }
        }
        Interval change = Interval.ofMean(
                changes.stream().mapToDouble(Double::doubleValue).toArray());
        return new Difference(name, first / changes.size(), second / changes.size(), change);
    }

    /** The result as JSON. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("suite", before.path("suite").asText());
        model(json.putObject("before"), before);
        model(json.putObject("after"), after);
        for (Difference difference : differences) {
            ObjectNode row = json.withArray("differences").addObject().put("name", difference.name);
            row.put("n", difference.change.n());
            if (difference.change.isDefined()) {
                row.put("before", difference.before);
                row.put("after", difference.after);
                row.put("difference", difference.change.value());
                row.set("interval", difference.change.toJson());
                row.put("clear", difference.isClear());
            }
        }
        return json;
    }

    private static void model(ObjectNode json, JsonNode result) {
        json.put("model", result.path("model").asText());
        json.put("effort", result.path("effort").textValue());
    }
}
