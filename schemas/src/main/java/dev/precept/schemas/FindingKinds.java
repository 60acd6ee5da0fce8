package dev.precept.schemas;

import dev.precept.records.CitationFindings;
import dev.precept.records.ScreenFindings;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The kinds of findings of one completion, as progress and manifests count them: kinds of leaks, forms of false citations,
 * kinds of personal data, and these. */
public final class FindingKinds {
    /** The reasoning cites an id that the specification does not have. */
    public static final String UNKNOWN_CLAUSE = "unknown_clause";
    /** The reasoning cites no clause of its excerpt, by id, heading, number or quote. */
    public static final String UNCITED = "uncited";

    private FindingKinds() {}

    /** In order; empty without a finding, and if the screens are off. */
    public static Set<String> of(@Nullable ScreenFindings findings, List<String> citedClauses) {
        Set<String> kinds = new TreeSet<>();
        if (findings == null) {
            return kinds;
        }
        if (findings.getLeaks() != null) {
            findings.getLeaks().forEach(leak -> kinds.add(leak.getKind()));
        }
        if (findings.getPersonal() != null) {
            findings.getPersonal().forEach(found -> kinds.add("personal_" + found.getKind()));
        }
        List<String> unknown = findings.getUnknownClauses();
        if (unknown != null && !unknown.isEmpty()) {
            kinds.add(UNKNOWN_CLAUSE);
        }
        CitationFindings citations = findings.getCitations();
        if (citations != null) {
            citations.getFalseCitations().stream()
                    .filter(one -> !one.getForm().equals("id"))
                    .forEach(one -> kinds.add("false_" + one.getForm()));
        }
        if (unknown != null && (citations == null ? citedClauses.isEmpty() : !isCiting(citations))) {
            kinds.add(UNCITED);
        }
        return kinds;
    }

    /** Whether a clause is cited that the prompt's excerpt has: one of its categories, or of the principles. */
    public static boolean isCiting(CitationFindings citations) {
        return citations.getCited().stream().anyMatch(cited -> !cited.getPlace().equals("other"));
    }
}
