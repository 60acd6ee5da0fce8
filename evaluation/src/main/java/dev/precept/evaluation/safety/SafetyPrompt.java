package dev.precept.evaluation.safety;

import java.util.List;

/**
 * A prompt of a set.
 *
 * @param set its name
 * @param number of its row, from 0, over all rows of the file
 * @param location of its row, for messages
 * @param turns of the user, each asked after the answer to the one before
 * @param category as the file has it; empty if it has none
 * @param categories of the specification, for its excerpt; empty for one line for each category, and the principles
 */
record SafetyPrompt(
        String set,
        int number,
        String location,
        List<String> turns,
        String category,
        List<String> categories,
        Label label,
        Scoring scoring) {
    SafetyPrompt {
        turns = List.copyOf(turns);
        categories = List.copyOf(categories);
    }

    String id() {
        return "safety " + SafetySet.key(set) + " " + number;
    }

    String prompt() {
        return String.join("\n\n", turns);
    }
}
