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

    /** @throws SourceFormatException if a name is duplicate, or a column that a prompt needs or the recipe names is missing */
    public void require(FieldNames fieldNames) throws SourceFormatException {
        Set<String> present = new HashSet<>();
        for (String name : names) {
            if (!name.isBlank() && !present.add(name)) {
                throw new SourceFormatException(
                        ":1: two columns are named '" + JsonText.shortened(name) + "'; rename one");
            }
        }
        String prompt = fieldNames.column("prompt");
        String messages = fieldNames.column("messages");
        if (!(fieldNames.mayContain("prompt") && present.contains(prompt))
                && !(fieldNames.mayContain("messages") && present.contains(messages))) {
            throw new SourceFormatException(":1: no column '" + prompt + "' or '" + messages + "'; " + existing()
                    + "; name the prompt's column, as in prompts.fields: {prompt: " + example() + "}");
        }
        for (Map.Entry<String, String> field : fieldNames.columns().entrySet()) {
            boolean either = field.getKey().equals("prompt") || field.getKey().equals("messages");
            if (!either && !present.contains(field.getValue())) {
                throw new SourceFormatException(":1: no column '" + field.getValue()
                        + "', which prompts.fields names for " + field.getKey() + "; " + existing());
            }
        }
    }

    private String existing() {
        String list = names.stream()
                .limit(MAX_LISTED)
                .map(name -> "'" + JsonText.shortened(name) + "'")
                .collect(Collectors.joining(", "));
        return "the columns are " + list
                + (names.size() > MAX_LISTED ? " and " + (names.size() - MAX_LISTED) + " more" : "");
    }

    private String example() {
        return names.stream()
                .filter(name -> !name.isBlank())
                .findFirst()
                .map(JsonText::shortened)
                .orElse("question");
    }
}
