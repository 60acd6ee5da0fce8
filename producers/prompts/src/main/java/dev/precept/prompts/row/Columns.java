package dev.precept.prompts.row;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The columns of a file that names them once for all of its rows. A name is ours if the settings give it a meaning.
 *
 * @param names in the order of the file; a blank one means nothing to anybody
 */
public record Columns(List<String> names) {
    private static final int MOST_SAID = 50;

    /** @throws SourceFormatException if a name is there twice, or what a prompt needs, or what the recipe names, is not there */
    public void require(FieldNames fieldNames) throws SourceFormatException {
        Set<String> there = new HashSet<>();
        for (String name : names) {
            if (!name.isBlank() && !there.add(name)) {
                throw new SourceFormatException(
                        ":1: two columns are called '" + JsonText.shortened(name) + "'; rename one");
            }
        }
        String prompt = fieldNames.column("prompt");
        String messages = fieldNames.column("messages");
        if (!(fieldNames.mayContain("prompt") && there.contains(prompt))
                && !(fieldNames.mayContain("messages") && there.contains(messages))) {
            throw new SourceFormatException(":1: no column '" + prompt + "' or '" + messages + "'; " + said()
                    + "; say which of them holds the prompt, as in prompts.fields: {prompt: " + example() + "}");
        }
        for (Map.Entry<String, String> field : fieldNames.columns().entrySet()) {
            boolean either = field.getKey().equals("prompt") || field.getKey().equals("messages");
            if (!either && !there.contains(field.getValue())) {
                throw new SourceFormatException(":1: no column '" + field.getValue()
                        + "', which prompts.fields names for " + field.getKey() + "; " + said());
            }
        }
    }

    private String said() {
        String list = names.stream()
                .limit(MOST_SAID)
                .map(name -> "'" + JsonText.shortened(name) + "'")
                .collect(Collectors.joining(", "));
        return "there are " + list + (names.size() > MOST_SAID ? " and " + (names.size() - MOST_SAID) + " more" : "");
    }

    private String example() {
        return names.stream()
                .filter(name -> !name.isBlank())
                .findFirst()
                .map(JsonText::shortened)
                .orElse("question");
    }
}
