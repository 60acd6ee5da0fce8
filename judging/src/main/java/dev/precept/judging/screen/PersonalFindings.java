package dev.precept.judging.screen;

import dev.precept.records.PersonalFinding;
import dev.precept.text.SearchedText;
import dev.precept.text.personal.PersonalData;
import java.util.ArrayList;
import java.util.List;

/** Personal data in the parts of a row, as records hold it: kinds and counts, never the values. */
final class PersonalFindings {
    private PersonalFindings() {}

    /** What of the prompt stands in the completion again counts as the prompt's. */
    static List<PersonalFinding> of(SearchedText conversation, SearchedText reasoning, SearchedText answer) {
        PersonalData ofThePrompt = PersonalData.in(conversation.original());
        List<PersonalFinding> findings = new ArrayList<>(findings("prompt", ofThePrompt));
        findings.addAll(
                findings("reasoning", PersonalData.in(reasoning.original()).without(ofThePrompt)));
        findings.addAll(findings("answer", PersonalData.in(answer.original()).without(ofThePrompt)));
        return findings;
    }

    private static List<PersonalFinding> findings(String part, PersonalData data) {
        return data.counts().entrySet().stream()
                .map(kind -> new PersonalFinding(kind.getKey().label(), part, kind.getValue()))
                .toList();
    }
}
