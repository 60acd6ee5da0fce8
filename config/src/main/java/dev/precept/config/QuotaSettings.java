package dev.precept.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The key {@code quotas} of a recipe: the most samples of categories and response styles. A run generates no more for a
 * category that is well over its quota, and a version is exact.
 *
 * @param quotas no two of one category and style
 */
public record QuotaSettings(List<Quota> quotas) {
    /** Every sample is wanted. */
    public static final QuotaSettings NONE = new QuotaSettings(List.of());

    /** The response styles that judges name. */
    public static final List<String> STYLES = List.of("comply", "refuse", "safe_complete");

    private static final String KEY = "quotas";
    private static final String CATEGORY = "category";
    private static final String STYLE = "style";
    private static final String SAMPLES = "samples";

    public QuotaSettings {
        quotas = List.copyOf(quotas);
    }

    /**
     * The most samples of a category.
     *
     * @param style the response style that it is about; empty for all styles that no other quota of the category is about
     */
    public record Quota(String category, Optional<String> style, long samples) {
        @Override
        public String toString() {
            return category + style.map(" "::concat).orElse("") + ": " + samples;
        }
    }

    /** Reads the key; adds its problems to the recipe. */
    public static QuotaSettings read(Recipe recipe) {
        Section section = recipe.section("");
        List<Quota> quotas = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        List<ObjectNode> entries = section.mappings(
                KEY,
                "the most samples of categories, as in '[{category: fraud, samples: 100}, {category: fraud, style: refuse,"
                        + " samples: 40}]'; style is one of " + String.join(", ", STYLES)
                        + ", and without it a quota is about the styles that have none");
        for (int n = 0; n < entries.size(); n++) {
            String at = KEY + "[" + n + "]";
            read(section, at, entries.get(n)).ifPresent(quota -> {
                quotas.add(quota);
                if (!seen.add(quota.category + "\n" + quota.style.orElse(""))) {
                    section.addProblem(
                            at,
                            "a second quota of " + quota.category
                                    + quota.style.map(" "::concat).orElse("") + "; give one");
                }
            });
        }
        return new QuotaSettings(quotas);
    }

    private static Optional<Quota> read(Section section, String at, ObjectNode entry) {
        List<String> known = List.of(CATEGORY, STYLE, SAMPLES);
        for (Map.Entry<String, JsonNode> member : entry.properties()) {
            if (!known.contains(member.getKey())) {
                section.addProblem(at, "unknown key '" + member.getKey() + "'; known are " + String.join(", ", known));
            }
        }
        String category = entry.path(CATEGORY).asText("");
        JsonNode samples = entry.path(SAMPLES);
        Optional<String> style = entry.hasNonNull(STYLE)
                ? Optional.of(entry.path(STYLE).asText().toLowerCase(Locale.ROOT))
                : Optional.empty();
        boolean isCount = samples.isIntegralNumber() && samples.canConvertToLong() && samples.longValue() >= 0;
        if (category.isBlank()) {
            section.addProblem(at, "has no category");
        }
        if (!isCount) {
            section.addProblem(at, "samples is missing or not allowed; give a whole number from 0");
        }
        style.filter(name -> !STYLES.contains(name))
                .ifPresent(name -> section.addProblem(
                        at, "style '" + name + "' is not allowed; give one of " + String.join(", ", STYLES)));
        return category.isBlank() || !isCount
                ? Optional.empty()
                : Optional.of(new Quota(category, style, samples.longValue()));
    }

    /** The quotas as an operator reads them: which styles one without a style is about. */
    public String describe() {
        return quotas.stream()
                .map(quota -> quota.category
                        + quota.style.map(" "::concat).orElse(isStyled(quota.category) ? " other styles" : "") + ": "
                        + quota.samples)
                .collect(Collectors.joining(", "));
    }

    private boolean isStyled(String category) {
        return quotas.stream().anyMatch(quota -> quota.category.equals(category) && quota.style.isPresent());
    }

    /** Overrides the key of a recipe. */
    public void override(Recipe recipe) {
        recipe.override(KEY, json().toString());
    }

    private ArrayNode json() {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        for (Quota quota : quotas) {
            ObjectNode entry = json.addObject().put(CATEGORY, quota.category);
            quota.style.ifPresent(style -> entry.put(STYLE, style));
            entry.put(SAMPLES, quota.samples);
        }
        return json;
    }

    /** The most samples of a category, whatever their style; empty if some style has no limit. */
    public OptionalLong mostOf(String category) {
        List<Quota> of =
                quotas.stream().filter(quota -> quota.category.equals(category)).toList();
        boolean isLimited = of.stream().anyMatch(quota -> quota.style.isEmpty())
                || of.stream()
                        .map(quota -> quota.style.orElse(""))
                        .collect(Collectors.toSet())
                        .containsAll(STYLES);
        return isLimited ? OptionalLong.of(of.stream().mapToLong(Quota::samples).sum()) : OptionalLong.empty();
    }

    /** The categories that have a quota, in order. */
    public Set<String> categories() {
        return quotas.stream().map(Quota::category).collect(Collectors.toCollection(TreeSet::new));
    }

    /** In one line, in a fixed order. */
    @Override
    public String toString() {
        return quotas.stream().map(Quota::toString).sorted().collect(Collectors.joining(", "));
    }
}
