package dev.precept.prompts.row;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The names under which source files hold the fields of a prompt.
 *
 * @param columns the name in the files, by the field's own name; a field without an entry has its own name
 */
public record FieldNames(Map<String, String> columns) {
    private static final Set<String> FIELDS =
            new TreeSet<>(Set.of("prompt", "messages", "tools", "categories", "side_info", "id", "source", "license"));

    public FieldNames {
        columns = Map.copyOf(columns);
    }

    /** The names of all fields, sorted. */
    public static Set<String> known() {
        return FIELDS;
    }

    /** The name of a field in the files. */
    public String column(String field) {
        return columns.getOrDefault(field, field);
    }

    /** Whether the files may have a field. A column that is mapped to another field no longer holds the field it is named after. */
    boolean mayContain(String field) {
        return columns.containsKey(field) || !columns.containsValue(field);
    }

    /** Every column name that the files may use. */
    public Set<String> allColumns() {
        Set<String> names = new HashSet<>();
        FIELDS.stream().filter(this::mayContain).forEach(field -> names.add(column(field)));
        return names;
    }
}
