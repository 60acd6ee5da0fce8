package dev.precept.dataset.release;

import dev.precept.schemas.FindingKinds;
import java.util.LinkedHashMap;
import java.util.Map;

/** The part of a dataset card that says what the screens found in the samples, and what was not searched. */
final class ScreenSection {
    private ScreenSection() {}

    /**
     * @param leaks samples by kind of leak, as {@link RowCounts} counts them
     * @param citations samples by what they cite
     */
    static String render(long samples, Map<String, Long> leaks, Map<String, Long> citations) {
        StringBuilder text = new StringBuilder("## What the screens found\n\n");
        text.append("- Reasoning that cites at least one clause of its part of the specification: ")
                .append(of(citations.getOrDefault(RowCounts.CITED, 0L), samples))
                .append(".\n  A citation does not show that the reasoning follows from the clause.\n");
        line(
                text,
                "Reasoning that cites a clause that the specification does not have",
                citations.getOrDefault(FindingKinds.UNKNOWN_CLAUSE, 0L),
                samples - citations.getOrDefault(RowCounts.NOT_SCREENED, 0L),
                samples);
        line(
                text,
                "Pieces of the request in reasoning or answer",
                leaks.getOrDefault(RowCounts.ANY, 0L),
                samples - leaks.getOrDefault(RowCounts.NOT_SCREENED, 0L),
                samples);
        text.append('\n');
        return text.toString();
    }

    /** The kinds of leaks that were found, by the part they stand in. */
    static Map<String, Long> kinds(Map<String, Long> leaks) {
        Map<String, Long> kinds = new LinkedHashMap<>(leaks);
        kinds.keySet().removeIf(kind -> !kind.contains(": "));
        return kinds;
    }

    private static void line(StringBuilder text, String what, long found, long searched, long samples) {
        text.append("- ").append(what).append(": ");
        if (searched == 0) {
            text.append("no sample was searched for it.\n");
        } else {
            text.append(of(found, searched)).append(searched < samples ? " that were searched.\n" : ".\n");
        }
    }

    private static String of(long part, long samples) {
        return (part == 0 ? "none" : String.valueOf(part)) + " of " + samples;
    }
}
