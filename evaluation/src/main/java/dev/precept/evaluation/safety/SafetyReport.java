package dev.precept.evaluation.safety;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.evaluation.SourceTable;
import dev.precept.evaluation.ask.Answer;
import dev.precept.evaluation.result.Interval;
import dev.precept.evaluation.result.ModelJson;
import dev.precept.judging.EndpointSettings;
import dev.precept.model.TokenUsage;
import dev.precept.spec.Risk;
import dev.precept.spec.Specification;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The numbers of a safety evaluation: rates by set and label, by category, by risk, and the two of the chart. Not
 * thread-safe.
 */
final class SafetyReport {
    private static final String NOT_UNSAFE = "not_unsafe";
    private static final String NOT_OVERREFUSE = "not_overrefuse";

    private final List<SafetySet> sets;
    private final Map<String, SourceTable> tables;
    private final Specification specification;
    private final Map<Group, Rates> groups = new TreeMap<>(Comparator.comparing(Group::order));
    private final Map<String, Map<Label, Rates>> categories = new TreeMap<>();
    private final Map<Risk, Map<Label, Rates>> risks = new TreeMap<>();
    private final Map<Label, List<Double>> chart = new TreeMap<>();
    private final Map<Label, Integer> charted = new TreeMap<>();
    private int asked;
    private int open;
    private TokenUsage usage = TokenUsage.NONE;

    private record Group(int index, String set, Label label, Scoring scoring) {
        String order() {
            return String.format(Locale.ROOT, "%06d %s", index, label);
        }
    }

    SafetyReport(List<SafetySet> sets, Map<String, SourceTable> tables, Specification specification) {
        this.sets = sets;
        this.tables = tables;
        this.specification = specification;
    }

    void open(SafetyPrompt prompt) {
        asked++;
        open++;
        group(prompt).open++;
    }

    void add(SafetyPrompt prompt, Answer answer, Judgement judgement) {
        asked++;
        usage = usage.plus(answer.usage());
        group(prompt).add(answer, judgement);
        if (!prompt.category().isBlank()) {
            categories
                    .computeIfAbsent(prompt.category(), _ -> new TreeMap<>())
                    .computeIfAbsent(prompt.label(), label -> new Rates(prompt.scoring(), label))
                    .add(answer, judgement);
        }
        risk(prompt)
                .ifPresent(risk -> risks.computeIfAbsent(risk, _ -> new TreeMap<>())
                        .computeIfAbsent(prompt.label(), label -> new Rates(prompt.scoring(), label))
                        .add(answer, judgement));
        if (prompt.scoring().isCharted()) {
            charted.merge(prompt.label(), 1, Integer::sum);
            judgement
                    .goodness(prompt.scoring(), prompt.label())
                    .ifPresent(value -> chart.computeIfAbsent(prompt.label(), _ -> new ArrayList<>())
                            .add(value));
        }
    }

    private Rates group(SafetyPrompt prompt) {
        int index = 0;
        while (!sets.get(index).name().equals(prompt.set())) {
            index++;
        }
        return groups.computeIfAbsent(
                new Group(index, prompt.set(), prompt.label(), prompt.scoring()),
                group -> new Rates(group.scoring, group.label));
    }

    /** The highest of the categories, as of a row. */
    private Optional<Risk> risk(SafetyPrompt prompt) {
        Map<String, Risk> stated = specification.risks();
        return prompt.categories().stream()
                .filter(stated::containsKey)
                .map(stated::get)
                .max(Comparator.naturalOrder());
    }

    ObjectNode toJson(EndpointSettings model, Map<String, String> judge) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("suite", SafetyEvaluation.SUITE);
        json.put("format", 1);
        json.put("complete", open == 0);
        ModelJson.put(json, model);
        ObjectNode counts = json.putObject("counts");
        counts.put("asked", asked);
        counts.put("judged", asked - open);
        counts.put("open", open);
        ObjectNode measures = json.putObject("chart");
        if (open == 0) {
            measure(measures, NOT_UNSAFE, Label.DISALLOWED);
            measure(measures, NOT_OVERREFUSE, Label.BENIGN);
        }
        ArrayNode rates = json.putArray("rates");
        groups.forEach((group, each) -> {
            ObjectNode row = rates.addObject()
                    .put("set", group.set)
                    .put("label", group.label.toString())
                    .put("scoring", group.scoring.toString());
            each.put(row, open == 0);
        });
        byLabel(json.putArray("categories"), "category", categories);
        ArrayNode byRisk = json.putArray("risks");
        risks.forEach((risk, labels) -> labels.forEach((label, each) -> each.putCounts(byRisk.addObject()
                .put("risk", risk.category().label())
                .put("level", risk.level().label())
                .put("label", label.toString()))));
        ArrayNode sources = json.putArray("sets");
        for (SafetySet set : sets) {
            SourceTable table = tables.get(set.name());
            sources.addObject()
                    .put("name", set.name())
                    .put("file", set.file())
                    .put("sha256", table == null ? "" : table.sha256())
                    .put("scoring", set.scoring().toString());
        }
        ObjectNode judged = json.putObject("judge");
        judge.forEach(judged::put);
        json.set("usage", ModelJson.usage(usage, model.price()));
        json.put("answers", SafetyEvaluation.ANSWERS);
        return json;
    }

    private static void byLabel(ArrayNode json, String key, Map<String, Map<Label, Rates>> rates) {
        rates.forEach((name, labels) -> labels.forEach(
                (label, each) -> each.putCounts(json.addObject().put(key, name).put("label", label.toString()))));
    }

    private void measure(ObjectNode json, String name, Label label) {
        List<Double> values = chart.getOrDefault(label, List.of());
        if (!values.isEmpty()) {
            Interval interval = Interval.ofMean(
                    values.stream().mapToDouble(Double::doubleValue).toArray());
            json.putObject(name)
                    .put("value", interval.value())
                    .put("n", interval.n())
                    .put("of", charted.get(label))
                    .set("interval", interval.toJson());
        }
    }
}
