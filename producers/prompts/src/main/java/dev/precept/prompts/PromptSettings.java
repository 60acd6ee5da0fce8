package dev.precept.prompts;

import dev.precept.runtime.config.Recipe;
import dev.precept.runtime.config.Section;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which prompts; section {@code prompts} of a recipe.
 *
 * @param files by the name the recipe gives them
 * @param fields what a file calls our fields, by our name
 * @param limit rows that are read of all files together, the first ones; null for all
 */
public record PromptSettings(
        List<Named> files,
        Map<String, String> fields,
        @Nullable Long limit) {
    private static final Set<String> OURS =
            new TreeSet<>(Set.of("prompt", "messages", "tools", "categories", "side_info", "id", "source", "license"));

    /** A file and what the recipe calls it; origins and messages use the name. */
    public record Named(String name, Path path) {}

    /** Reads the section; notes its problems in the recipe. */
    public static PromptSettings read(Recipe recipe) {
        Section section = recipe.section("prompts");
        List<String> names = section.texts("files", List.of(), "JSONL or JSON files of prompts");
        if (names.isEmpty()) {
            section.problem("files", "no prompts are named; name at least one file, or give --prompts FILE");
        }
        List<Named> files = new ArrayList<>();
        Set<Path> seen = new HashSet<>();
        for (String name : names) {
            Path path = section.base("files").resolve(name).normalize();
            if (!seen.add(path)) {
                section.problem("files", name + " is named twice; name it once");
            }
            files.add(new Named(name, path));
        }
        Map<String, String> fields = section.mapping(
                "fields", "what the files call a field, as in {prompt: question, categories: category}");
        for (String ours : fields.keySet()) {
            if (!OURS.contains(ours)) {
                section.problem("fields", "'" + ours + "' is no field; there are " + String.join(", ", OURS));
            }
        }
        if (new HashSet<>(fields.values()).size() < fields.size()) {
            section.problem("fields", fields + " gives one name of the files to two fields; give it to one");
        }
        Long limit = section.count("limit", "rows to read of all files together, the first ones; all where absent")
                .orElse(null);
        return new PromptSettings(files, fields, limit);
    }

    /** What a file calls one of our fields. */
    String column(String ours) {
        return fields.getOrDefault(ours, ours);
    }

    /** Whether the files may have a field; a name that was given to another field no longer means the one it is ours for. */
    boolean reads(String ours) {
        return fields.containsKey(ours) || !fields.containsValue(ours);
    }

    /** Every field name the files may use. */
    Set<String> columns() {
        Set<String> columns = new HashSet<>();
        OURS.stream().filter(this::reads).forEach(ours -> columns.add(column(ours)));
        return columns;
    }
}
