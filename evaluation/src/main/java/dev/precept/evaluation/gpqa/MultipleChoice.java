package dev.precept.evaluation.gpqa;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.config.ConfigurationException;
import dev.precept.evaluation.SourceTable;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A question with four choices.
 *
 * @param location of its row
 */
record MultipleChoice(String location, String question, String correct, List<String> incorrect) {
    static final String QUESTION = "Question";
    static final String CORRECT = "Correct Answer";
    static final List<String> INCORRECT = List.of("Incorrect Answer 1", "Incorrect Answer 2", "Incorrect Answer 3");

    private static final Pattern MORE = Pattern.compile("Incorrect Answer (\\d+)");
    private static final int MAX_LISTED = 20;

    MultipleChoice {
        incorrect = List.copyOf(incorrect);
    }

    /**
     * Reads the columns of GPQA; others are ignored.
     *
     * @throws ConfigurationException for the first problem, with its row
     */
    static List<MultipleChoice> read(SourceTable table) {
        List<String> wanted = new ArrayList<>(List.of(QUESTION, CORRECT));
        wanted.addAll(INCORRECT);
        List<String> missing = wanted.stream()
                .filter(column -> !table.columns().isEmpty() && !table.columns().contains(column))
                .toList();
        if (!missing.isEmpty()) {
            throw new ConfigurationException(table.name() + ": no column " + quoted(missing)
                    + "; a file of questions has " + quoted(wanted) + ", and this one has " + quoted(table.columns()));
        }
        for (String column : table.columns()) {
            requireNoFifth(table, column, "");
        }
        if (table.rows().isEmpty()) {
            throw new ConfigurationException(table.name() + ": no question; it needs one row for each");
        }
        List<MultipleChoice> questions = new ArrayList<>();
        for (SourceTable.Row row : table.rows()) {
            row.fields().fieldNames().forEachRemaining(column -> requireNoFifth(table, column, ":" + row.location()));
            questions.add(new MultipleChoice(
                    row.location(),
                    text(table, row, QUESTION),
                    text(table, row, CORRECT),
                    INCORRECT.stream().map(column -> text(table, row, column)).toList()));
        }
        return questions;
    }

    private static void requireNoFifth(SourceTable table, String column, String location) {
        Matcher matcher = MORE.matcher(column);
        if (matcher.matches() && !INCORRECT.contains(column)) {
            throw new ConfigurationException(table.name() + location + ": the column '" + column
                    + "' makes a choice too many; a question has four: one correct, three incorrect");
        }
    }

    private static String text(SourceTable table, SourceTable.Row row, String column) {
        JsonNode value = row.fields().path(column);
        if (!value.isValueNode() || value.asText().isBlank()) {
            throw new ConfigurationException(table.name() + ":" + row.location() + ": '" + column
                    + (value.isContainerNode() ? "' is no text" : "' is empty")
                    + "; every question needs all four choices");
        }
        return value.asText();
    }

    private static String quoted(List<String> columns) {
        return columns.stream()
                        .limit(MAX_LISTED)
                        .map(column -> "'" + column + "'")
                        .collect(Collectors.joining(", "))
                + (columns.size() > MAX_LISTED ? ", …" : "");
    }
}
