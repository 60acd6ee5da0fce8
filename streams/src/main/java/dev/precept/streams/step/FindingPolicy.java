package dev.precept.streams.step;

import dev.precept.records.CitationFindings;
import dev.precept.records.CitationScreen;
import dev.precept.records.Completion;
import dev.precept.records.Leak;
import dev.precept.records.LeakScreen;
import dev.precept.records.PersonalFinding;
import dev.precept.records.PersonalScreen;
import dev.precept.records.Reason;
import dev.precept.records.RunParameters;
import dev.precept.records.ScreenFindings;
import dev.precept.schemas.FindingKinds;
import dev.precept.schemas.PersonalText;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Decides what the findings of a completion mean for its attempt. A completion without findings passes the screen for leaks:
 * a worker of an earlier version generated it. A pure function.
 */
final class FindingPolicy {
    private FindingPolicy() {}

    static Optional<Screen.Fault> check(Completion completion, RunParameters parameters) {
        ScreenFindings findings = completion.getFindings();
        if (findings == null) {
            return Optional.empty();
        }
        List<Leak> leaks = findings.getLeaks();
        if (parameters.getLeakScreen() == LeakScreen.REJECT && leaks != null && !leaks.isEmpty()) {
            return Optional.of(new Screen.Fault(Reason.CONTEXT_LEAK, describe(leaks)));
        }
        List<PersonalFinding> personal = findings.getPersonal();
        if (parameters.getPersonalScreen() == PersonalScreen.REJECT && personal != null && !personal.isEmpty()) {
            return Optional.of(new Screen.Fault(Reason.PERSONAL_DATA, PersonalText.describe(personal)));
        }
        return parameters.getCitationScreen() == CitationScreen.REQUIRE
                ? checkCitations(completion, findings)
                : Optional.empty();
    }

    /** Valid is one citation at least, of a clause of the excerpt in any form, and none that does not exist. */
    private static Optional<Screen.Fault> checkCitations(Completion completion, ScreenFindings findings) {
        List<String> unknown = findings.getUnknownClauses();
        if (unknown == null) {
            return Optional.empty();
        }
        CitationFindings citations = findings.getCitations();
        if (citations != null && !citations.getFalseCitations().isEmpty()) {
            return Optional.of(
                    new Screen.Fault(Reason.FALSE_CITATION, "the specification does not have " + describe(citations)));
        }
        if (!unknown.isEmpty()) {
            return Optional.of(new Screen.Fault(
                    Reason.FALSE_CITATION, "the specification has no clause " + String.join(", ", unknown)));
        }
        boolean citing = citations == null ? !completion.getCitedClauses().isEmpty() : FindingKinds.isCiting(citations);
        return citing
                ? Optional.empty()
                : Optional.of(new Screen.Fault(Reason.NO_CITATION, "the reasoning cites no clause of its excerpt"));
    }

    private static String describe(CitationFindings citations) {
        return citations.getFalseCitations().stream()
                .map(one -> (one.getForm().equals("id") ? "clause" : one.getForm()) + " \"" + one.getText() + "\"")
                .collect(Collectors.joining(", "));
    }

    /** Names kinds and places only: the text itself is in the row. */
    private static String describe(List<Leak> leaks) {
        return leaks.stream()
                .map(leak -> leak.getCount() + " " + leak.getKind() + " in the " + leak.getPart())
                .collect(Collectors.joining(", "));
    }
}
