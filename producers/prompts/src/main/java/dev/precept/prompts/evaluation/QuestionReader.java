package dev.precept.prompts.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.prompts.row.Fields;
import dev.precept.prompts.row.Row;
import dev.precept.prompts.row.UnusableRowException;
import dev.precept.text.contamination.EvaluationItem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the questions of a row: of its columns, or the turns of the user if a column holds a conversation. */
final class QuestionReader {
    private static final Set<String> NOT_ASKED =
            Set.of("system", "developer", "assistant", "gpt", "bot", "tool", "model");
    private static final List<String> CONTENT = List.of("content", "value", "text", "body");

    private final String set;
    private final List<String> named;

    /** @param named columns of the questions; empty: those with a known name */
    QuestionReader(String set, List<String> named) {
        this.set = set;
        this.named = named;
    }

    /** The questions of a row; none if it has no text. */
    List<EvaluationItem> read(Row row) throws UnusableRowException {
        ObjectNode fields = row.fields();
        Map<String, String> columns = new HashMap<>();
        fields.fieldNames().forEachRemaining(name -> columns.putIfAbsent(QuestionColumns.normalized(name), name));
        List<String> questions = questions(fields, columns);
        List<String> options = questions.size() == 1 ? options(fields, columns) : List.of();
        String answer = options.isEmpty() && questions.size() == 1 ? answer(fields, columns) : "";
        String name = set(fields, columns);
        long number = fields.path(columns.getOrDefault(QuestionColumns.EVAL_INDEX, ""))
                .asLong(row.number());
        return questions.stream()
                .map(question -> new EvaluationItem(name, number, question, options, answer))
                .toList();
    }

    /** The set that a record of decon names, or that of the file. */
    private String set(ObjectNode fields, Map<String, String> columns) {
        String key = text(fields, columns, QuestionColumns.EVAL_KEY);
        if (key.isEmpty()) {
            return set;
        }
        String config = text(fields, columns, QuestionColumns.EVAL_CONFIG);
        String split = text(fields, columns, QuestionColumns.EVAL_SPLIT);
        return key + (config.isEmpty() ? "" : "/" + config) + (split.isEmpty() ? "" : "/" + split);
    }

    private static String text(ObjectNode fields, Map<String, String> columns, String name) {
        @Nullable String column = columns.get(name);
        return column == null || !fields.path(column).isValueNode()
                ? ""
                : fields.path(column).asText("").strip();
    }

    private List<String> questions(ObjectNode fields, Map<String, String> columns) throws UnusableRowException {
        List<String> texts = new ArrayList<>();
        if (!named.isEmpty()) {
            for (String column : named) {
                add(texts, column, Fields.valueAt(fields, column));
            }
            return texts;
        }
        for (String name : QuestionColumns.QUESTIONS) {
            @Nullable String column = columns.get(name);
            if (column != null) {
                add(texts, column, fields.path(column));
                if (!texts.isEmpty()) {
                    return texts;
                }
            }
        }
        for (Map.Entry<String, JsonNode> member : fields.properties()) {
            if (QuestionColumns.TURN
                    .matcher(QuestionColumns.normalized(member.getKey()))
                    .matches()) {
                add(texts, member.getKey(), member.getValue());
            }
        }
        return texts;
    }

    private static void add(List<String> texts, String name, JsonNode value) throws UnusableRowException {
        // A question may begin with a bracket: only what can be parsed is a list.
        JsonNode parsed;
        try {
            parsed = Fields.parsed(new Fields.Found(name, value));
        } catch (UnusableRowException e) {
            parsed = value;
        }
        if (parsed.isArray()) {
            for (JsonNode element : parsed) {
                add(texts, name, element);
            }
        } else if (parsed.isObject()) {
            String role = parsed.path("role").asText(parsed.path("from").asText("user"));
            if (!NOT_ASKED.contains(QuestionColumns.normalized(role))) {
                for (String content : CONTENT) {
                    if (parsed.has(content)) {
                        add(texts, name, parsed.path(content));
                        return;
                    }
                }
            }
        } else if (value.isTextual() && !value.textValue().isBlank()) {
            texts.add(value.textValue());
        }
    }

    private static List<String> options(ObjectNode fields, Map<String, String> columns) throws UnusableRowException {
        List<String> options = new ArrayList<>();
        for (String name : QuestionColumns.OPTION_LISTS) {
            @Nullable String column = columns.get(name);
            if (column != null && options.isEmpty()) {
                optionList(options, fields.path(column), column);
            }
        }
        if (options.isEmpty()) {
            for (Map.Entry<String, JsonNode> member : fields.properties()) {
                if (QuestionColumns.OPTION
                        .matcher(QuestionColumns.normalized(member.getKey()))
                        .matches()) {
                    addOption(options, member.getValue());
                }
            }
        }
        return options.size() > 1 ? options : List.of();
    }

    /** A list of texts; texts with labels beside them, as ARC has it; or texts by label. */
    private static void optionList(List<String> options, JsonNode value, String name) throws UnusableRowException {
        JsonNode parsed = Fields.parsed(new Fields.Found(name, value));
        JsonNode list = parsed.isObject() && parsed.path("text").isArray() ? parsed.path("text") : parsed;
        for (JsonNode option : list) {
            addOption(options, option.isObject() ? option.path("text") : option);
        }
    }

    private static void addOption(List<String> options, JsonNode option) {
        if (option.isValueNode() && !option.isNull() && !option.asText().isBlank()) {
            options.add(option.asText());
        }
    }

    /** An answer that is known to be wrong is none. */
    private static String answer(ObjectNode fields, Map<String, String> columns) {
        return text(fields, columns, QuestionColumns.IS_CORRECT).equals("false")
                ? ""
                : text(fields, columns, QuestionColumns.ANSWER);
    }
}
