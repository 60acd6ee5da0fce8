package dev.precept.model.rehearsal;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which clause decides on a request. Looks at headings and {@code Asks:} lines only, never at a body. */
final class Governing {
    private Governing() {}

    /** The clause that shares most words with the request; where none shares any, the first that complies. */
    static Optional<Clause> of(Scene scene) {
        List<Clause> clauses = deciding(scene.clauses());
        Set<String> words = Words.of(scene.request());
        Optional<Clause> best = Optional.empty();
        long most = 0;
        for (Clause clause : clauses) {
            long shared = words.stream().filter(clause.words()::contains).count();
            if (shared > most) {
                most = shared;
                best = Optional.of(clause);
            }
        }
        return best.or(() -> clauses.stream().filter(Governing::complies).findFirst())
                .or(() -> clauses.stream().findFirst());
    }

    /** Another clause than the one that governs, where there is one. */
    static Optional<Clause> wrong(Scene scene) {
        String right = of(scene).map(Clause::id).orElse("");
        List<Clause> others = deciding(scene.clauses()).stream()
                .filter(clause -> !clause.id().equals(right))
                .toList();
        return others.isEmpty() ? Optional.empty() : Optional.of(Draw.oneOf(others, "wrong clause", scene.request()));
    }

    private static List<Clause> deciding(List<Clause> clauses) {
        List<Clause> acting =
                clauses.stream().filter(clause -> clause.action().isPresent()).toList();
        return acting.isEmpty() ? clauses : acting;
    }

    private static boolean complies(Clause clause) {
        return clause.action().equals(Optional.of(Action.COMPLY));
    }
}
