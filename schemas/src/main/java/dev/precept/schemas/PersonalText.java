package dev.precept.schemas;

import dev.precept.records.PersonalFinding;
import java.util.List;
import java.util.stream.Collectors;

/** Personal data in words: kinds, parts and counts. */
public final class PersonalText {
    private PersonalText() {}

    /** Such as {@code 2 email in the prompt, 1 phone in the answer}. */
    public static String describe(List<PersonalFinding> findings) {
        return findings.stream()
                .map(found -> found.getCount() + " " + found.getKind() + " in the " + found.getPart())
                .collect(Collectors.joining(", "));
    }
}
