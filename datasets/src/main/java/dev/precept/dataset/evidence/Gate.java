package dev.precept.dataset.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.config.Section;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A number of the evidence that a recipe may limit: a version that does not keep the limit is not released. */
public enum Gate {
    FALSE_CITATIONS(
            Limit.MOST,
            "share of the samples that cite what the specification does not hold",
            evidence -> share(evidence, "citations", "false")),
    IN_CATEGORY(
            Limit.LEAST,
            "share of the samples that cite a clause of a category of their prompt",
            evidence -> share(evidence, "citations", "in_category")),
    LEAKS(
            Limit.MOST,
            "share of the samples whose reasoning or answer betrays the request",
            evidence -> share(evidence, "leaks", "any")),
    PERSONAL(Limit.MOST, "share of the samples with personal data", evidence -> share(evidence, "personal", "any")),
    BAD_AMONG_KEPT(
            Limit.MOST,
            "share of bad samples among the kept ones, as canaries tell",
            evidence -> ofJudge(evidence, "bad_among_kept")),
    ALPHA(Limit.LEAST, "agreement of votes, Krippendorff's alpha", evidence -> ofJudge(evidence, "alpha")),
    AC2(Limit.LEAST, "agreement of votes, Gwet's AC2", evidence -> ofJudge(evidence, "ac2")),
    SENSITIVITY(
            Limit.LEAST,
            "share of the known-bad canaries that were turned away",
            evidence -> ofJudge(evidence, "sensitivity")),
    SPECIFICITY(
            Limit.LEAST,
            "share of the known-good canaries that were kept",
            evidence -> ofJudge(evidence, "specificity"));

    private static final String SECTION = "gates";

    private enum Limit {
        MOST,
        LEAST
    }

    private final Limit limit;
    private final String meaning;

    @SuppressWarnings("ImmutableEnumChecker") // holds lambdas alone, which capture nothing
    private final Function<JsonNode, Optional<Double>> number;

    Gate(Limit limit, String meaning, Function<JsonNode, Optional<Double>> number) {
        this.limit = limit;
        this.meaning = meaning;
        this.number = number;
    }

    /** Empty where the evidence has none. */
    Optional<Double> value(JsonNode evidence) {
        return number.apply(evidence);
    }

    /** Empty unless all samples were searched: what was not searched may hold anything. */
    private static Optional<Double> share(JsonNode evidence, String of, String name) {
        JsonNode counts = evidence.path(of);
        double samples = evidence.path("samples").asDouble();
        return counts.path(name).isNumber()
                        && samples > 0
                        && counts.path("samples").asDouble() == samples
                ? Optional.of(counts.path(name).asDouble() / samples)
                : Optional.empty();
    }

    private static Optional<Double> ofJudge(JsonNode evidence, String name) {
        JsonNode value = evidence.path("judge").path(name);
        return value.isNumber() ? Optional.of(value.asDouble()) : Optional.empty();
    }

    /** As in recipes and manifests. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads the section; adds its problems to the recipe. */
    public static Map<String, Double> read(Recipe recipe) {
        Section section = recipe.section(SECTION);
        Map<String, Double> limits = new TreeMap<>();
        for (Gate gate : values()) {
            section.number(
                            gate.label(),
                            gate == ALPHA || gate == AC2 ? -1 : 0,
                            1,
                            (gate.limit == Limit.MOST ? "at most this " : "at least this ") + gate.meaning
                                    + ", or the version is not released")
                    .ifPresent(limit -> limits.put(gate.label(), limit));
        }
        return limits;
    }

    /**
     * Overrides one limit of a recipe.
     *
     * @throws ConfigurationException if there is no such gate
     */
    public static void override(Recipe recipe, String name, String limit) {
        if (Arrays.stream(values()).noneMatch(gate -> gate.label().equals(name))) {
            throw new ConfigurationException("--gate " + name + "=" + limit + ": there is no gate '" + name
                    + "'; there are "
                    + Arrays.stream(values()).map(Gate::label).collect(Collectors.joining(", ")));
        }
        recipe.override(SECTION + "." + name, limit);
    }

    /** Overrides the section of a recipe that has none with the gates of a version. */
    public static void inherit(Recipe recipe, Map<String, Double> limits) {
        Section section = recipe.section(SECTION);
        if (Arrays.stream(values()).noneMatch(gate -> section.has(gate.label()))) {
            limits.forEach((name, limit) -> recipe.override(SECTION + "." + name, String.valueOf(limit)));
        }
    }

    /**
     * The gates that evidence fails, one line each with name, number and limit. A number that is null fails.
     *
     * @param limits by name
     */
    public static List<String> failures(Map<String, Double> limits, JsonNode evidence) {
        return Arrays.stream(values())
                .flatMap(gate ->
                        Optional.ofNullable(limits.get(gate.label()))
                                .flatMap(bound -> gate.failure(bound, evidence))
                                .stream())
                .toList();
    }

    private Optional<String> failure(double bound, JsonNode evidence) {
        String name = "gate " + label() + ": ";
        String allowed = (limit == Limit.MOST ? "at most " : "at least ") + text(bound) + " is allowed";
        Optional<Double> value = value(evidence);
        if (value.isEmpty()) {
            return Optional.of(name + "null, " + allowed + "; "
                    + (this == ALPHA && Evidence.areVotesAlike(evidence)
                            ? "all votes are alike, so there is no disagreement to compare with: gate ac2 in its place"
                            : "the files hold too little to tell the " + meaning));
        }
        boolean passes = limit == Limit.MOST ? value.get() <= bound : value.get() >= bound;
        return passes
                ? Optional.empty()
                : Optional.of(name + text(value.get()) + ", " + allowed + " (" + meaning + ")");
    }

    private static String text(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(Math.rint(value * 1e6) / 1e6);
    }
}
