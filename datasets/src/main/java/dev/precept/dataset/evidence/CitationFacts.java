package dev.precept.dataset.evidence;

import dev.precept.spec.citation.CitationReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one reasoning cites, as evidence counts it.
 *
 * @param clauses each once
 * @param inCategory whether one of them belongs to a category of the prompt
 * @param hasFalse whether something is cited that the specification does not hold
 */
record CitationFacts(List<String> clauses, boolean inCategory, boolean hasFalse) {
    /** Those that the screen stored with a row; null if it was off. */
    static @Nullable CitationFacts of(Row row) {
        Row findings = row.row("findings");
        Row citations = findings == null ? null : findings.row("citations");
        List<Row> cited = citations == null ? null : citations.rows("cited");
        if (citations == null || cited == null) {
            return null;
        }
        List<Row> falseOnes = citations.rows("false_citations");
        return new CitationFacts(
                cited.stream().map(each -> each.requireText("clause")).toList(),
                cited.stream()
                        .anyMatch(each -> CitationReport.Place.CATEGORY.label().equals(each.text("place"))),
                falseOnes != null && !falseOnes.isEmpty());
    }

    static CitationFacts of(CitationReport report) {
        return new CitationFacts(
                report.cited().stream().map(CitationReport.Cited::clause).toList(),
                report.cited().stream().anyMatch(cited -> cited.place() == CitationReport.Place.CATEGORY),
                !report.falseCitations().isEmpty());
    }
}
