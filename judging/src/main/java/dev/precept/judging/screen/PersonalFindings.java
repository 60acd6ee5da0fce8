package dev.precept.judging.screen;

import dev.precept.records.Message;
import dev.precept.records.PersonalFinding;
import dev.precept.records.Prompt;
import dev.precept.text.personal.PersonalData;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Personal data in the parts of a row, as records hold it: kinds and counts, never the values. */
final class PersonalFindings {
    private PersonalFindings() {}

    /** What of the prompt stands in the completion again counts as the prompt's. */
    static List<PersonalFinding> of(Prompt prompt, String reasoning, String answer) {
        PersonalData ofThePrompt = PersonalData.in(text(prompt.getMessages()));
        List<PersonalFinding> findings = new ArrayList<>(findings("prompt", ofThePrompt));
        findings.addAll(findings("reasoning", PersonalData.in(reasoning).without(ofThePrompt)));
        findings.addAll(findings("answer", PersonalData.in(answer).without(ofThePrompt)));
        return findings;
    }

    private static List<PersonalFinding> findings(String part, PersonalData data) {
        return data.counts().entrySet().stream()
                .map(kind -> new PersonalFinding(kind.getKey().label(), part, kind.getValue()))
                .toList();
    }

    private static String text(List<Message> messages) {
        return messages.stream()
                .flatMap(message ->
                        Stream.of(message.getContent(), message.getReasoningContent(), message.getToolCalls()))
                .filter(Objects::nonNull)
                .collect(Collectors.joining("\n\n"));
    }
}
