package dev.precept.prompts.row;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The columns of a file with a header or a schema.
 *
 * @param names in the order of the file; a column with a blank name is ignored
 */
public record Columns(List<String> names) {
    private static final int MAX_LISTED = 50;
    /** What a prompt is called where it is called neither prompt nor an alias of it; for advice. */
    private static final List<String> LIKELY =
            List.of("text", "input", "request", "goal", "behavior", "user", "content", "title", "forbidden_prompt");

    /** @throws SourceFormatException if a name is duplicate, or a column that a prompt needs or the recipe names is missing */
    void require(FieldNames fieldNames) throws SourceFormatException {
        Set<String> present = new HashSet<>();
        for (String name : names) {
            if (!name.isBlank() && !present.add(name)) {
                throw new SourceFormatException(
                        ":1: two columns are named '" + JsonText.shortened(name) + "'; rename one");
            }
        }
        if (!isPresent(fieldNames, "prompt") && !isPresent(fieldNames, "messages")) {
            throw new SourceFormatException(":1: no column '" + fieldNames.column("prompt") + "' or '"
                    + fieldNames.column("messages") + "'; " + existing()
                    + "; name the prompt's column, as in prompts.fields: {prompt: " + example() + "}");
        }
        for (Map.Entry<String, String> field : fieldNames.columns().entrySet()) {
            boolean either = field.getKey().equals("prompt") || field.getKey().equals("messages");
            if (!either && !isPresent(field.getValue())) {
                throw new SourceFormatException(":1: no column '" + field.getValue()
                        + "', which prompts.fields names for " + field.getKey() + "; " + existing());
            }
        }
    }

    private boolean isPresent(FieldNames fieldNames, String field) {
        return (fieldNames.mayContain(field) && isPresent(fieldNames.column(field)))
                || fieldNames.aliases(field).stream().anyMatch(this::isPresent);
    }

    private boolean isPresent(String path) {
        return names.contains(path)
                || names.stream().anyMatch(name -> FieldNames.normalized(name).equals(FieldNames.top(path)))
                || names.contains(FieldNames.top(path));
    }

    private String existing() {
        String list = names.stream()
                .limit(MAX_LISTED)
                .map(name -> "'" + JsonText.shortened(name) + "'")
                .collect(Collectors.joining(", "));
        String separator = names.size() == 1 && names.getFirst().contains(";")
                ? "; if they are separated by semicolons, write the file with commas"
                : "";
        return "the columns are " + list
                + (names.size() > MAX_LISTED ? " and " + (names.size() - MAX_LISTED) + " more" : "") + separator;
    }

    /** A likely column, or no name of a column at all: advice that is followed must not ask an id. */
    public String example() {
        return names.stream()
                .filter(name -> LIKELY.contains(FieldNames.normalized(name)))
                .findFirst()
                .map(JsonText::shortened)
                .orElse("FIELD");
    }
}
