package dev.precept.streams.step;

import dev.precept.records.CitationScreen;
import dev.precept.records.Completion;
import dev.precept.records.Leak;
import dev.precept.records.LeakScreen;
import dev.precept.records.Reason;
import dev.precept.records.RunParameters;
import dev.precept.records.ScreenFindings;
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
        List<String> unknown = findings.getUnknownClauses();
        if (parameters.getCitationScreen() != CitationScreen.REQUIRE || unknown == null) {
            return Optional.empty();
        }
        if (!unknown.isEmpty()) {
            return Optional.of(new Screen.Fault(
                    Reason.FALSE_CITATION, "the specification has no clause " + String.join(", ", unknown)));
        }
        return completion.getCitedClauses().isEmpty()
                ? Optional.of(new Screen.Fault(Reason.NO_CITATION, "the reasoning cites no clause of its excerpt"))
                : Optional.empty();
    }

    /** Names kinds and places only: the text itself is in the row. */
    private static String describe(List<Leak> leaks) {
        return leaks.stream()
                .map(leak -> leak.getCount() + " " + leak.getKind() + " in the " + leak.getPart())
                .collect(Collectors.joining(", "));
    }
}
