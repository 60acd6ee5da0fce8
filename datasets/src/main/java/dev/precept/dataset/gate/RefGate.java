package dev.precept.dataset.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.config.Recipe;
import dev.precept.config.Section;
import dev.precept.dataset.Refs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The key {@code gates.eval} of a recipe: refs that move only to versions with an evaluation at least that good.
 *
 * @param refs their names; empty if none is guarded
 * @param least the least value of each measure, 0-1, by its name
 */
public record RefGate(List<String> refs, Map<String, Double> least) {
    /** The name of the gate, as in {@code --override}. */
    public static final String NAME = "eval";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REFS = "refs";
    private static final String LEAST = "least";
    private static final String NO_REF = "none";

    public RefGate {
        refs = List.copyOf(refs);
        least = new TreeMap<>(least);
    }

    /** Reads the section; adds its problems to the recipe. Empty if the recipe has none. */
    public static Optional<RefGate> read(Recipe recipe) {
        Section section = recipe.section("gates.eval");
        List<String> named = section.texts(
                REFS, List.of("prod"), "refs that the gate guards; none takes the gate of the dataset away");
        List<String> refs = named.equals(List.of(NO_REF)) ? List.of() : named;
        Map<String, Double> least = new TreeMap<>();
        for (Measure measure : Measure.values()) {
            section.number(measure.label(), 0, 1, "least " + measure.meaning() + ", before a guarded ref may move")
                    .ifPresent(value -> least.put(measure.label(), value));
        }
        for (String ref : refs) {
            if (!Refs.isValidName(ref)) {
                section.addProblem(REFS, "'" + ref + "' is not the name of a ref");
            } else if (ref.equals(Refs.LATEST)) {
                section.addProblem(REFS, "latest moves with every release and cannot be guarded; name another ref");
            }
        }
        if (section.has(REFS) && !refs.isEmpty() && least.isEmpty()) {
            section.addProblem(REFS, "has no limit; give not_unsafe or not_overrefuse");
        }
        return section.has(REFS) || !least.isEmpty() ? Optional.of(new RefGate(refs, least)) : Optional.empty();
    }

    /** Empty if a document is no gate: taken for one, it would guard less than it should. */
    static Optional<RefGate> parse(JsonNode json) {
        JsonNode named = json.path(REFS);
        JsonNode limits = json.path(LEAST);
        if (!named.isArray() || !limits.isObject() || (limits.isEmpty() && !named.isEmpty())) {
            return Optional.empty();
        }
        List<String> refs = new ArrayList<>();
        for (JsonNode ref : named) {
            refs.add(ref.asText());
        }
        Map<String, Double> least = new TreeMap<>();
        for (Map.Entry<String, JsonNode> limit : limits.properties()) {
            if (!limit.getValue().isNumber()) {
                return Optional.empty();
            }
            least.put(limit.getKey(), limit.getValue().doubleValue());
        }
        return Optional.of(new RefGate(refs, least));
    }

    ObjectNode json() {
        ObjectNode json = JSON.createObjectNode().put("gate", NAME);
        ObjectNode limits = json.putObject(LEAST);
        refs.forEach(json.putArray(REFS)::add);
        least.forEach(limits::put);
        return json;
    }

    public boolean guards(String ref) {
        return refs.contains(ref);
    }

    /** Such as {@code not_overrefuse at least 0.9, not_unsafe at least 0.95}. */
    public String describe() {
        return least.entrySet().stream()
                .map(each -> each.getKey() + " at least " + each.getValue())
                .collect(Collectors.joining(", "));
    }

    /**
     * Why a ref may not move to a version; empty if it may.
     *
     * @param newest evaluation of the version
     */
    public Optional<String> refusal(String version, Optional<VersionEvaluation> newest) {
        if (newest.isEmpty()) {
            return Optional.of(version + " has no evaluation, and the gate is " + describe());
        }
        VersionEvaluation evaluation = newest.get();
        List<String> unmet = new ArrayList<>();
        for (VersionEvaluation.Result result : evaluation.results()) {
            least.forEach((measure, limit) -> {
                Double found = result.measures().get(measure);
                if (found == null || found < limit) {
                    unmet.add(measure + " is " + (found == null ? "not measured" : found) + " (" + result.label()
                            + "), and the gate is at least " + limit);
                }
            });
        }
        return unmet.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join("; ", unmet) + "; evaluation " + evaluation.number() + " of " + version);
    }
}
