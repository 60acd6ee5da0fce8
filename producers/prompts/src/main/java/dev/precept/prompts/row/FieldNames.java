package dev.precept.prompts.row;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Maps the fields of a prompt to their names in the source files.
 *
 * @param columns name in the files by field; a field without an entry has its own name
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

    /** False if the field's own name is mapped to another field, and the field has no other name. */
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
