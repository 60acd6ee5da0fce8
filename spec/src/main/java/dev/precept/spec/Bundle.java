package dev.precept.spec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.content.CanonicalJson;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Encodes a specification as canonical JSON (RFC 8785). */
final class Bundle {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Bundle() {}

    /** @param clauses in the order of their ids */
    static String write(Index index, Collection<Clause> clauses) {
        return CanonicalJson.of(JSON.valueToTree(Map.of(
                "name", index.name(),
                "principles", index.principles(),
                "categories", index.categories().stream().map(Bundle::category).toList(),
                "clauses", clauses.stream().map(Bundle::clause).toList())));
    }

    private static Map<String, Object> category(Index.Category category) {
        Map<String, Object> members = new HashMap<>(
                Map.of("name", category.name(), "summary", category.summary(), "clauses", category.clauses()));
        // Absent without a risk, so that a specification that states none keeps its version.
        category.risk()
                .ifPresent(risk -> members.put(
                        "risk",
                        Map.of(
                                "taxonomy", Risk.TAXONOMY,
                                "category", risk.category().label(),
                                "level", risk.level().label())));
        return members;
    }

    private static Map<String, Object> clause(Clause clause) {
        return Map.of(
                "id", clause.id(),
                "level", clause.level(),
                "heading", clause.heading(),
                "attributes", clause.attributes(),
                "text", clause.text(),
                "sha256", clause.sha256());
    }

    /**
     * Reads the output of {@link #write}. Clauses are parsed from their texts; writing the result again verifies all other
     * fields.
     *
     * @throws SpecException if the text is not a bundle
     */
    static Specification read(String json) {
        JsonNode tree = tree(json);
        Index index = new Index(text(tree, "name"), ids(tree, "principles"), categories(tree));
        Set<Clause> clauses = new LinkedHashSet<>();
        for (JsonNode clause : tree.path("clauses")) {
            Markdown.parse(text(clause, "text")).clauses().forEach(read -> clauses.add(read.clause()));
        }
        Specification specification;
        try {
            specification = new Specification(index, clauses);
        } catch (SpecException e) {
            throw broken(e.problems().getFirst());
        }
        if (!specification.bundle().equals(json)) {
            throw broken("its fields are not canonical, or contradict the texts of its clauses");
        }
        return specification;
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw broken(e.getOriginalMessage().lines().findFirst().orElse("not JSON"));
        }
    }

    private static List<Index.Category> categories(JsonNode tree) {
        List<Index.Category> categories = new ArrayList<>();
        for (JsonNode category : tree.path("categories")) {
            categories.add(new Index.Category(
                    text(category, "name"), text(category, "summary"), ids(category, "clauses"), risk(category)));
        }
        return categories;
    }

    private static Optional<Risk> risk(JsonNode category) {
        JsonNode risk = category.path("risk");
        if (risk.isMissingNode()) {
            return Optional.empty();
        }
        Optional<Risk.Category> about = Risk.Category.byLabel(text(risk, "category"));
        Optional<Risk.Level> level = Risk.Level.byLabel(text(risk, "level"));
        if (about.isEmpty() || level.isEmpty() || !text(risk, "taxonomy").equals(Risk.TAXONOMY)) {
            throw broken("the risk of '" + text(category, "name") + "' is unknown");
        }
        return Optional.of(new Risk(about.get(), level.get()));
    }

    /**
     * The risks of the categories of a bundle, without the check of its clauses.
     *
     * @throws SpecException if the text is not a bundle
     */
    static Map<String, Risk> risks(String json) {
        Map<String, Risk> risks = new TreeMap<>();
        categories(tree(json)).forEach(category -> category.risk().ifPresent(risk -> risks.put(category.name(), risk)));
        return risks;
    }

    private static List<String> ids(JsonNode node, String field) {
        List<String> ids = new ArrayList<>();
        node.path(field).forEach(id -> ids.add(id.asText()));
        return ids;
    }

    private static String text(JsonNode node, String field) {
        JsonNode text = node.path(field);
        if (!text.isTextual()) {
            throw broken("the string '" + field + "' is missing");
        }
        return text.textValue();
    }

    private static SpecException broken(String why) {
        return new SpecException("not a specification bundle: " + why + "; compile the folder again");
    }
}
