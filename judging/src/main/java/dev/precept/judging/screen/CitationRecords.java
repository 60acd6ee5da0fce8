package dev.precept.judging.screen;

import dev.precept.records.CitationFindings;
import dev.precept.records.CitedClause;
import dev.precept.records.FalseCitation;
import dev.precept.spec.citation.CitationReport;
import dev.precept.spec.citation.CitationReport.Form;
import java.util.List;

/** What a reasoning cites, as records hold it. */
final class CitationRecords {
    private CitationRecords() {}

    static CitationFindings of(CitationReport report) {
        return new CitationFindings(
                report.cited().stream()
                        .map(cited -> new CitedClause(
                                cited.clause(),
                                cited.forms().stream().map(Form::label).toList(),
                                cited.count(),
                                cited.place().label()))
                        .toList(),
                report.falseCitations().stream()
                        .map(one -> new FalseCitation(one.form().label(), one.text()))
                        .toList(),
                report.verbatimShare());
    }

    /** Ids that the specification does not have, each once. */
    static List<String> unknownIds(CitationReport report) {
        return report.falseCitations().stream()
                .filter(one -> one.form() == Form.ID)
                .map(CitationReport.FalseCitation::text)
                .toList();
    }
}
