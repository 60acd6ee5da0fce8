package dev.precept.spec.citation;

import dev.precept.spec.Clause;
import dev.precept.spec.Specification;
import dev.precept.text.HashTable;
import dev.precept.text.WordHashes;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The runs of {@value #LENGTH} consecutive words of a specification, with the innermost clause of each. Examples in quotation
 * marks or code are known, but no run of them makes a quote: their words are those of an answer. Immutable.
 */
final class ClauseRuns {
    static final int LENGTH = 8;
    private static final Pattern EXAMPLE =
            Pattern.compile("```[\\s\\S]{0,20000}?```|\"[^\"\\n]{1,400}\"|“[^”\\n]{1,400}”|«[^»\\n]{1,400}»");
    private static final String OUTSIDE = " \u0001 ";

    /** Runs, with the clause of each. */
    private final HashTable all;

    private final HashTable quotable;

    private final List<Clause> clauses;
    /** Of the clauses, in their order. */
    private final List<String> texts;

    ClauseRuns(Specification specification) {
        // A clause repeats nested ones: the shorter comes first, and keeps the run.
        clauses = specification.clauses().stream()
                .sorted(Comparator.comparingInt(clause -> clause.text().length()))
                .toList();
        List<List<String>> words =
                clauses.stream().map(clause -> Passage.wordsOf(clause.text())).toList();
        texts = words.stream().map(Passage::spaced).toList();
        int most = words.stream().mapToInt(List::size).sum();
        all = new HashTable(most);
        quotable = new HashTable(most);
        for (int i = 0; i < clauses.size(); i++) {
            String text = clauses.get(i).text();
            for (String piece : EXAMPLE.matcher(text).replaceAll(OUTSIDE).split("\u0001")) {
                add(Passage.wordsOf(piece), i, quotable);
            }
            add(words.get(i), i, all);
        }
    }

    private static void add(List<String> words, int owner, HashTable runs) {
        for (long hash : WordHashes.runs(WordHashes.of(words), LENGTH)) {
            runs.putIfAbsent(hash, owner);
        }
    }

    boolean contains(long hash) {
        return all.get(hash) != HashTable.NONE;
    }

    /** Whether a clause has a run outside of its examples. */
    boolean isQuotable(long hash) {
        return quotable.get(hash) != HashTable.NONE;
    }

    /** The id of the innermost clause with a quotable run. */
    String owner(long hash) {
        return clauses.get(quotable.get(hash)).id();
    }

    /** The id of the innermost clause that holds some words. */
    Optional<String> holder(String spaced) {
        for (int i = 0; i < clauses.size(); i++) {
            if (texts.get(i).contains(spaced)) {
                return Optional.of(clauses.get(i).id());
            }
        }
        return Optional.empty();
    }
}
