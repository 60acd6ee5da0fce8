package dev.precept.model.mock;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Selects the clause that applies to a request, by headings and {@link ClauseHints} only, never by a body. */
final class ClauseMatcher {
    private ClauseMatcher() {}

    /** The clause that shares the most words with the request; without shared words, the first one to comply. */
    static Optional<ParsedClause> match(ParsedRequest request) {
        List<ParsedClause> clauses = deciding(request.clauses());
        Set<String> words = Keywords.of(request.request());
        Optional<ParsedClause> best = Optional.empty();
        long most = 0;
        for (ParsedClause clause : clauses) {
            long shared = words.stream().filter(clause.words()::contains).count();
            if (shared > most) {
                most = shared;
                best = Optional.of(clause);
            }
        }
        return best.or(() -> clauses.stream().filter(ClauseMatcher::complies).findFirst())
                .or(() -> clauses.stream().findFirst());
    }

    /** A clause that does not apply; empty if there is no other. */
    static Optional<ParsedClause> matchOther(ParsedRequest request) {
        String right = match(request).map(ParsedClause::id).orElse("");
        List<ParsedClause> others = deciding(request.clauses()).stream()
                .filter(clause -> !clause.id().equals(right))
                .toList();
        return others.isEmpty()
                ? Optional.empty()
                : Optional.of(SeededChoice.oneOf(others, "wrong clause", request.request()));
    }

    private static List<ParsedClause> deciding(List<ParsedClause> clauses) {
        List<ParsedClause> acting =
                clauses.stream().filter(clause -> clause.action().isPresent()).toList();
        return acting.isEmpty() ? clauses : acting;
    }

    private static boolean complies(ParsedClause clause) {
        return clause.action().equals(Optional.of(ExpectedAction.COMPLY));
    }
}
