package dev.precept.schemas;

import dev.precept.records.ScreenFindings;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The kinds of findings of one completion, as progress and manifests count them: kinds of leaks, and these two. */
public final class FindingKinds {
    /** The reasoning cites a clause that the specification does not have. */
    public static final String UNKNOWN_CLAUSE = "unknown_clause";
    /** The reasoning cites no clause of its excerpt. */
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
        if (findings.getUnknownClauses() != null) {
            if (!findings.getUnknownClauses().isEmpty()) {
                kinds.add(UNKNOWN_CLAUSE);
            }
            if (citedClauses.isEmpty()) {
                kinds.add(UNCITED);
            }
        }
        return kinds;
    }
}
