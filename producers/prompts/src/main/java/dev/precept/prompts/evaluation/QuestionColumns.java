package dev.precept.prompts.evaluation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.prompts.row.ColumnChoice;
import dev.precept.prompts.row.Columns;
import dev.precept.prompts.row.FieldNames;
import dev.precept.prompts.row.JsonText;
import dev.precept.prompts.row.SourceFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The columns of an evaluation set: those of the questions, by the names that public sets use unless the recipe names them, and
 * those of options and answers.
 *
 * @param named by the recipe
 */
record QuestionColumns(List<String> named) implements ColumnChoice {
    /** The first that a row has holds its question. */
    static final List<String> QUESTIONS = List.of(
            "question",
            "prompt",
            "forbidden_prompt",
            "prompt_text",
            "goal",
            "behavior",
            "problem",
            "query",
            "instruction",
            "multi_turn_queries",
            "turns",
            "messages",
            "conversations",
            "conversation",
            "ctx",
            "input",
            "text");

    /** Turns of a conversation in columns of their own. */
    static final Pattern TURN = Pattern.compile("message_\\d+");

    static final List<String> OPTION_LISTS = List.of("choices", "options", "endings");
    static final Pattern OPTION =
            Pattern.compile("(option|choice|ending|sol|op)_?([a-j]|\\d)|[a-e]|(in)?correct[ _]answer([ _]\\d)?");
    static final String ANSWER = "answer";
    static final String IS_CORRECT = "is_correct";

    /** Of decon's reference records: where a question comes from. */
    static final String EVAL_KEY = "eval_key";

    static final String EVAL_INDEX = "eval_instance_index";
    static final String EVAL_CONFIG = "config";
    static final String EVAL_SPLIT = "split";

    private static final Set<String> OTHERS = Set.of(ANSWER, IS_CORRECT, EVAL_KEY, EVAL_INDEX, EVAL_CONFIG, EVAL_SPLIT);
    private static final int MOST_LISTED = 30;

    static final String NAME_IT =
            "name the column of the questions, as in contamination.sets: [{file: FILE, columns: [COLUMN]}], or with"
                    + " --column";

    @Override
    public void require(Columns columns) throws SourceFormatException {
        for (String name : named) {
            if (!columns.names().contains(name) && !columns.names().contains(FieldNames.top(name))) {
                throw new SourceFormatException(":1: no column '" + name + "'; " + existing(columns.names()));
            }
        }
        if (named.isEmpty() && columns.names().stream().noneMatch(name -> isQuestion(normalized(name)))) {
            throw new SourceFormatException(":1: no column with a known name of a question; "
                    + existing(columns.names()) + "; " + NAME_IT + ", or add a header if this is a question");
        }
    }

    /** Why a row has no question. */
    String missing(ObjectNode row) {
        List<String> names = new ArrayList<>();
        row.fieldNames().forEachRemaining(names::add);
        if (!named.isEmpty()) {
            return "no text in "
                    + named.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", ")) + "; "
                    + existing(names);
        }
        return names.stream()
                .filter(name -> isQuestion(normalized(name)) && row.path(name).isObject())
                .findFirst()
                .map(name -> "'" + name + "' is an object with "
                        + row.path(name).properties().stream()
                                .limit(MOST_LISTED)
                                .map(member -> "'" + name + "." + JsonText.shortened(member.getKey()) + "'")
                                .collect(Collectors.joining(", ")))
                .orElseGet(() -> "no text in a column of questions; " + existing(names));
    }

    private static String existing(List<String> names) {
        return "the columns are "
                + names.stream()
                        .limit(MOST_LISTED)
                        .map(name -> "'" + JsonText.shortened(name) + "'")
                        .collect(Collectors.joining(", "))
                + (names.size() > MOST_LISTED ? ", …" : "");
    }

    @Override
    public boolean isOwn(String column) {
        return named.stream()
                .anyMatch(name -> name.equals(column) || FieldNames.top(name).equals(column));
    }

    @Override
    public boolean isAlias(String column) {
        String name = normalized(column);
        return (named.isEmpty() && isQuestion(name))
                || OPTION_LISTS.contains(name)
                || OPTION.matcher(name).matches()
                || OTHERS.contains(name);
    }

    static boolean isQuestion(String normalized) {
        return QUESTIONS.contains(normalized) || TURN.matcher(normalized).matches();
    }

    static String normalized(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }
}
