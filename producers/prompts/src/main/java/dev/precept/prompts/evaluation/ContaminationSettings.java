package dev.precept.prompts.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.config.Recipe;
import dev.precept.config.Section;
import dev.precept.prompts.source.NamedFile;
import dev.precept.text.contamination.MatchMethod;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The section {@code contamination} of a recipe.
 *
 * @param sets files of evaluation sets, whose questions are not generated for
 * @param method how prompts are compared with them
 */
public record ContaminationSettings(List<SetFile> sets, MatchMethod method) {
    /** Of a recipe that names no set. */
    public static final ContaminationSettings NONE = new ContaminationSettings(List.of(), MatchMethod.NGRAM13);

    private static final String SETS = "sets";
    private static final Set<String> MEMBERS = Set.of("file", "name", "columns");
    private static final String FORM = "write a file, or {file: FILE, name: NAME, columns: [COLUMN]}";

    public ContaminationSettings {
        sets = List.copyOf(sets);
    }

    /** Reads the section; adds its problems to the recipe. */
    public static ContaminationSettings read(Recipe recipe) {
        Section section = recipe.section("contamination");
        List<SetFile> sets = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonNode item : section.items(
                SETS,
                "a list of files, or of {file, name, columns}",
                "evaluation sets, on disk or as s3://bucket/key: JSONL, JSON, CSV, TSV, Parquet, plain text (one question"
                        + " per line), or decon's reference records; a prompt that holds a question of them ends as"
                        + " CONTAMINATED. The column of the questions is found by its name unless 'columns' names it")) {
            set(recipe, section, item).ifPresent(set -> {
                if (names.add(set.name())) {
                    sets.add(set);
                } else {
                    section.addProblem(
                            SETS,
                            "two sets are named '" + set.name() + "'; give one another name, as in {file: "
                                    + set.file().name() + ", name: NAME}");
                }
            });
        }
        MatchMethod method = section.oneOf(
                "method",
                NONE.method,
                "ngram13: a shared run of 13 words, or the whole of a shorter question; idf: shared runs of 5 words by"
                        + " how rare they are, which also finds a question with a few changed words");
        if (section.has("method") && !section.has(SETS)) {
            section.addProblem(
                    "method",
                    "without contamination.sets no prompt is compared; name the evaluation sets, or remove this key");
        }
        return new ContaminationSettings(sets, method);
    }

    private static Optional<SetFile> set(Recipe recipe, Section section, JsonNode item) {
        if (!item.isObject()) {
            return NamedFile.read(recipe, section, SETS, item.asText()).map(SetFile::new);
        }
        for (Map.Entry<String, JsonNode> member : item.properties()) {
            if (!MEMBERS.contains(member.getKey())) {
                section.addProblem(SETS, "'" + member.getKey() + "' is not a member of a set; " + FORM);
                return Optional.empty();
            }
        }
        String file = item.path("file").asText("");
        List<String> columns = columns(item.path("columns"));
        if (file.isBlank() || (item.has("columns") && columns.isEmpty())) {
            section.addProblem(
                    SETS, (file.isBlank() ? "a set has no file; " : "'columns' is no list of names; ") + FORM);
            return Optional.empty();
        }
        return NamedFile.read(recipe, section, SETS, file)
                .map(named -> new SetFile(named, item.path("name").asText(SetFile.baseName(file)), columns));
    }

    private static List<String> columns(JsonNode value) {
        List<String> columns = new ArrayList<>();
        for (JsonNode column : value.isArray() ? value : List.of(value)) {
            if (column.isValueNode() && !column.isNull() && !column.asText().isBlank()) {
                columns.add(column.asText());
            }
        }
        return columns;
    }
}
