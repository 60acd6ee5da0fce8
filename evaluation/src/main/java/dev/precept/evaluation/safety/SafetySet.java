package dev.precept.evaluation.safety;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.config.Recipe;
import dev.precept.config.Section;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A set of prompts, as a recipe names it. The files stay where the user has them.
 *
 * @param file as written in the recipe
 * @param name in results; unique
 * @param prompt the column of the prompts; empty for one with a known name
 * @param category the column of the categories, or one category of the specification for all rows
 * @param label the column of the labels, or one label for all rows
 * @param where columns with the value that a row must have to be asked
 */
public record SafetySet(
        String file,
        String name,
        Optional<String> prompt,
        Optional<String> category,
        Optional<String> label,
        Scoring scoring,
        Map<String, String> where) {
    private static final String SECTION = "eval";
    private static final String SETS = "sets";
    private static final Set<String> MEMBERS =
            Set.of("file", "name", "prompt", "category", "label", "scoring", "where");
    private static final String FORM =
            "write {file: FILE, prompt: COLUMN, category: COLUMN, label: COLUMN, scoring: refusal}";

    public SafetySet {
        where = Map.copyOf(where);
    }

    /** Reads the sets of a recipe; adds its problems to it. */
    public static List<SafetySet> read(Recipe recipe) {
        Section section = recipe.section(SECTION);
        List<SafetySet> sets = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonNode item : section.items(
                SETS,
                "a list of {file, name, prompt, category, label, scoring, where}",
                "sets of prompts that 'precept eval --suite safety' asks: JSONL, JSON, CSV, TSV or Parquet, on disk or as"
                        + " s3://bucket/key. prompt, category and label name columns; category may also be one category of"
                        + " the specification and label one of benign, disallowed, safe_complete. scoring is strongreject,"
                        + " xstest, refusal or style; where keeps the rows with these values, as in {data_type:"
                        + " adversarial_benign}")) {
            set(section, item).ifPresent(set -> {
                if (names.add(key(set.name))) {
                    sets.add(set);
                } else {
                    section.addProblem(
                            SETS,
                            "two sets are named '" + key(set.name) + "'; give one another name, as in {name: NAME}");
                }
            });
        }
        return sets;
    }

    /** The name in the ids of prompts, which have no white space; unique among the sets of a recipe. */
    static String key(String name) {
        return name.replaceAll("\\s", "_");
    }

    private static Optional<SafetySet> set(Section section, JsonNode item) {
        if (!item.isObject()) {
            section.addProblem(SETS, "'" + item.asText() + "' is no set; " + FORM);
            return Optional.empty();
        }
        Map<String, String> where = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> member : item.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            if (!MEMBERS.contains(name)) {
                section.addProblem(SETS, "'" + name + "' is not a member of a set; " + FORM);
                return Optional.empty();
            }
            if (name.equals("where") && value.isObject()) {
                value.properties()
                        .forEach(
                                each -> where.put(each.getKey(), each.getValue().asText()));
            } else if (!value.isValueNode() || value.asText().isBlank()) {
                section.addProblem(SETS, "'" + name + "' of a set has no value; " + FORM);
                return Optional.empty();
            }
        }
        String file = item.path("file").asText("");
        if (file.isBlank()) {
            section.addProblem(SETS, "a set has no file; " + FORM);
            return Optional.empty();
        }
        Optional<Scoring> scoring = Scoring.parse(item.path("scoring").asText(Scoring.REFUSAL.toString()));
        if (scoring.isEmpty()) {
            section.addProblem(
                    SETS,
                    "scoring '" + item.path("scoring").asText() + "' of " + file + " is not known; known are "
                            + Arrays.toString(Scoring.values()).replaceAll("[\\[\\]]", ""));
            return Optional.empty();
        }
        return Optional.of(new SafetySet(
                file,
                item.path("name").asText(baseName(file)),
                text(item, "prompt"),
                text(item, "category"),
                text(item, "label"),
                scoring.get(),
                where));
    }

    private static Optional<String> text(JsonNode item, String member) {
        return item.has(member) ? Optional.of(item.path(member).asText()) : Optional.empty();
    }

    private static String baseName(String file) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        int dot = name.indexOf('.', 1);
        return dot < 0 ? name : name.substring(0, dot);
    }
}
