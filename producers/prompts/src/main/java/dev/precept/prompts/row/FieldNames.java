package dev.precept.prompts.row;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Maps the fields of a prompt to their names in the source files. A field that the recipe does not map is found under its own
 * name, under that name in another case or with spaces around it, and under the names that public data sets use for it.
 *
 * @param columns name in the files by field, as the recipe maps it: a column, or the path of a value below it, as in {@code
 *     body.messages} or {@code turns.0}
 */
public record FieldNames(Map<String, String> columns) implements ColumnChoice {
    static final String INSTRUCTION = "instruction";

    /** A second part of the instruction, in the layouts of Alpaca and of Dolly. */
    static final List<String> INPUTS = List.of("input", "context");
    /** The user's turns without the answers, in the layout of MT-Bench. */
    static final String TURNS = "turns";

    private static final Set<String> FIELDS =
            new TreeSet<>(Set.of("prompt", "messages", "tools", "categories", "side_info", "id", "source", "license"));

    private static final Map<String, List<String>> ALIASES = Map.of(
            "prompt", List.of(INSTRUCTION, "question", "query", TURNS),
            "messages", List.of("conversations", "conversation", "body.messages"),
            "tools", List.of("body.tools"),
            "id", List.of("custom_id"),
            "categories", List.of("category"));

    public FieldNames {
        columns = Map.copyOf(columns);
    }

    @Override
    public void require(Columns present) throws SourceFormatException {
        present.require(this);
    }

    /** The names of all fields, sorted. */
    public static Set<String> known() {
        return FIELDS;
    }

    /** The name of a field in the files, for messages. */
    public String column(String field) {
        return columns.getOrDefault(field, field);
    }

    /** False if the field's own name is mapped to another field, and the field has no other name. */
    boolean mayContain(String field) {
        return columns.containsKey(field) || !columns.containsValue(field);
    }

    /** The names that are tried where a field is neither mapped nor there under its own name. */
    List<String> aliases(String field) {
        return columns.containsKey(field)
                ? List.of()
                : ALIASES.getOrDefault(field, List.of()).stream()
                        .filter(alias -> !columns.containsValue(alias))
                        .toList();
    }

    /** Whether a column is, by its name, one of those that the fields are read from, and not only an alias of them. */
    @Override
    public boolean isOwn(String column) {
        return columns.containsValue(column)
                || columns.values().stream().anyMatch(path -> path.startsWith(column + "."))
                || FIELDS.stream()
                        .anyMatch(field -> !columns.containsKey(field)
                                && !columns.containsValue(field)
                                && field.equals(normalized(column)));
    }

    /** Whether a column is, by its name, an alias of a field. */
    @Override
    public boolean isAlias(String column) {
        return aliasColumns().contains(normalized(column));
    }

    /** The columns below which the aliases of all fields are. */
    private Set<String> aliasColumns() {
        Set<String> names = new HashSet<>();
        FIELDS.stream()
                .flatMap(field -> aliases(field).stream())
                .flatMap(alias -> alias.equals(INSTRUCTION)
                        ? Stream.concat(Stream.of(INSTRUCTION), INPUTS.stream())
                        : Stream.of(alias))
                .forEach(alias -> names.add(top(alias)));
        return names;
    }

    /** The column of a path. */
    public static String top(String path) {
        int dot = path.indexOf('.');
        return dot < 0 ? path : path.substring(0, dot);
    }

    /** A name as it is compared: without surrounding space, in lower case. */
    static String normalized(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }
}
