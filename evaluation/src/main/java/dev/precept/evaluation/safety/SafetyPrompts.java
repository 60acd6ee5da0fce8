package dev.precept.evaluation.safety;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.config.ConfigurationException;
import dev.precept.evaluation.SourceTable;
import dev.precept.spec.Specification;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads the prompts of one set. The first row that cannot be asked is named: nothing is skipped in silence. */
final class SafetyPrompts {
    /** The first that a table has, in any case. */
    private static final List<String> PROMPTS =
            List.of("prompt", "forbidden_prompt", "prompt_text", "goal", "behavior", "question", "multi_turn_queries");

    private static final String LABEL = "label";
    private static final int MAX_LISTED = 20;

    private final SafetySet set;
    private final SourceTable table;
    private final Specification specification;
    private final Set<String> columns = new LinkedHashSet<>();
    private final String promptColumn;

    private SafetyPrompts(SafetySet set, SourceTable table, Specification specification) {
        this.set = set;
        this.table = table;
        this.specification = specification;
        columns.addAll(table.columns());
        table.rows().forEach(row -> row.fields().fieldNames().forEachRemaining(columns::add));
        this.promptColumn = set.prompt().map(this::column).orElseGet(this::knownPrompt);
        set.where().keySet().forEach(this::column);
    }

    /**
     * Reads the rows.
     *
     * @throws ConfigurationException naming the first problem and its row
     */
    static List<SafetyPrompt> read(SafetySet set, SourceTable table, Specification specification) {
        return new SafetyPrompts(set, table, specification).read();
    }

    private List<SafetyPrompt> read() {
        List<SafetyPrompt> prompts = new ArrayList<>();
        for (int number = 0; number < table.rows().size(); number++) {
            SourceTable.Row row = table.rows().get(number);
            if (!isWanted(row)) {
                continue;
            }
            Label label = label(row);
            if (!set.scoring().takes(label)) {
                throw problem(row, "its label is " + label + ", and scoring " + set.scoring() + " has no such label");
            }
            String category = category(row);
            prompts.add(new SafetyPrompt(
                    set.name(),
                    number,
                    row.location(),
                    turns(row),
                    category,
                    specified(category),
                    label,
                    set.scoring()));
        }
        if (prompts.isEmpty()) {
            throw new ConfigurationException("eval set " + table.name() + ": no row is left"
                    + (set.where().isEmpty() ? "" : " with " + set.where()) + "; nothing would be asked");
        }
        return prompts;
    }

    private boolean isWanted(SourceTable.Row row) {
        for (Map.Entry<String, String> each : set.where().entrySet()) {
            if (!row.fields().path(each.getKey()).asText("").equals(each.getValue())) {
                return false;
            }
        }
        return true;
    }

    private String column(String name) {
        if (!columns.contains(name)) {
            throw new ConfigurationException(
                    "eval set " + table.name() + ": no column '" + name + "'; the columns are " + listed());
        }
        return name;
    }

    private String knownPrompt() {
        for (String known : PROMPTS) {
            for (String column : columns) {
                if (column.toLowerCase(Locale.ROOT).equals(known)) {
                    return column;
                }
            }
        }
        throw new ConfigurationException("eval set " + table.name()
                + ": no column with a known name of a prompt; the columns are " + listed()
                + "; name it, as in {prompt: COLUMN}");
    }

    private String listed() {
        return columns.stream().limit(MAX_LISTED).map(name -> "'" + name + "'").collect(Collectors.joining(", "))
                + (columns.size() > MAX_LISTED ? ", …" : "");
    }

    private List<String> turns(SourceTable.Row row) {
        JsonNode value = row.fields().path(promptColumn);
        List<String> turns = new ArrayList<>();
        for (JsonNode turn : value.isArray() ? value : List.of(value)) {
            if (!turn.isTextual() || turn.textValue().isBlank()) {
                throw problem(
                        row,
                        "'" + promptColumn + "' "
                                + (turn.isMissingNode() || turn.isNull() ? "is empty" : "is no text or list of texts"));
            }
            turns.add(turn.textValue());
        }
        if (turns.isEmpty()) {
            throw problem(row, "'" + promptColumn + "' is empty");
        }
        return turns;
    }

    /** A column's own word, or the word that the recipe gives for all rows. */
    private Label label(SourceTable.Row row) {
        Optional<String> named = set.label();
        if (named.isPresent() && !columns.contains(named.get())) {
            return Label.parse(named.get())
                    .orElseThrow(() -> new ConfigurationException("eval set " + table.name() + ": label '" + named.get()
                            + "' is neither a column nor a label; the columns are " + listed()
                            + ", the labels benign, disallowed and safe_complete"));
        }
        if (named.isEmpty() && set.scoring() == Scoring.STRONGREJECT) {
            return Label.DISALLOWED;
        }
        if (named.isEmpty() && !columns.contains(LABEL)) {
            throw new ConfigurationException("eval set " + table.name()
                    + ": no label; name its column, or one label for all rows, as in {label: disallowed}");
        }
        String column = named.orElse(LABEL);
        String word = row.fields().path(column).asText("");
        return Label.parse(word)
                .orElseThrow(() -> problem(
                        row,
                        "the label '" + shortened(word) + "' in '" + column
                                + "' is not known; known are benign, safe, comply, disallowed, unsafe, harmful, refuse"
                                + " and safe_complete"));
    }

    private String category(SourceTable.Row row) {
        Optional<String> named = set.category();
        if (named.isEmpty()) {
            return row.fields().path("category").isValueNode()
                    ? row.fields().path("category").asText()
                    : "";
        }
        if (columns.contains(named.get())) {
            JsonNode value = row.fields().path(named.get());
            return value.isArray() ? value.path(0).asText("") : value.asText("");
        }
        if (specified(named.get()).isEmpty()) {
            throw new ConfigurationException("eval set " + table.name() + ": category '" + named.get()
                    + "' is neither a column nor a category of the specification; the columns are " + listed());
        }
        return named.get();
    }

    /** The category of the specification with this name. */
    private List<String> specified(String category) {
        return specification.categories().stream()
                .filter(known -> known.equalsIgnoreCase(category.strip()))
                .limit(1)
                .toList();
    }

    private ConfigurationException problem(SourceTable.Row row, String what) {
        return new ConfigurationException("eval set " + table.name() + ":" + row.location() + ": " + what);
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
