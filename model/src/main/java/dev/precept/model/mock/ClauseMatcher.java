package dev.precept.model.mock;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which clause decides on a request. Looks at headings and {@code Asks:} lines only, never at a body. */
final class ClauseMatcher {
    private ClauseMatcher() {}

    /** The clause that shares most words with the request; where none shares any, the first that complies. */
    static Optional<ParsedClause> match(ParsedRequest parsedRequest) {
        List<ParsedClause> clauses = deciding(parsedRequest.clauses());
        Set<String> words = Keywords.of(parsedRequest.request());
        Optional<ParsedClause> best = Optional.empty();
        long most = 0;
        for (ParsedClause parsedClause : clauses) {
            long shared = words.stream().filter(parsedClause.words()::contains).count();
            if (shared > most) {
                most = shared;
                best = Optional.of(parsedClause);
            }
        }
        return best.or(() -> clauses.stream().filter(ClauseMatcher::complies).findFirst())
                .or(() -> clauses.stream().findFirst());
    }

    /** Another clause than the one that governs, where there is one. */
    static Optional<ParsedClause> matchOther(ParsedRequest parsedRequest) {
        String right = match(parsedRequest).map(ParsedClause::id).orElse("");
        List<ParsedClause> others = deciding(parsedRequest.clauses()).stream()
                .filter(parsedClause -> !parsedClause.id().equals(right))
                .toList();
        return others.isEmpty()
                ? Optional.empty()
                : Optional.of(SeededChoice.oneOf(others, "wrong clause", parsedRequest.request()));
    }

    private static List<ParsedClause> deciding(List<ParsedClause> clauses) {
        List<ParsedClause> acting = clauses.stream()
                .filter(parsedClause -> parsedClause.action().isPresent())
                .toList();
        return acting.isEmpty() ? clauses : acting;
    }

    private static boolean complies(ParsedClause parsedClause) {
        return parsedClause.action().equals(Optional.of(ExpectedAction.COMPLY));
    }
}
