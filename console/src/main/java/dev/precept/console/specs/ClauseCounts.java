package dev.precept.console.specs;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How often the clauses of a specification are cited.
 *
 * @param cited rows that cite each clause, by its id
 * @param kept of these, those that are kept
 * @param keptSets kept rows by the set of clauses that they cite
 * @param falseCitations rows that cite something that does not exist
 */
public record ClauseCounts(
        Map<String, Long> cited, Map<String, Long> kept, Map<List<String>, Long> keptSets, long falseCitations) {
    /** The kept rows that cite one of some clauses at least. */
    long keptCiting(Set<String> clauses) {
        return keptSets.entrySet().stream()
                .filter(set -> set.getKey().stream().anyMatch(clauses::contains))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Counts citations of one version of a specification. Thread-safe. */
    public interface Counter {
        /**
         * Empty while rows are still being read.
         *
         * @throws IOException if the rows cannot be read
         */
        Optional<ClauseCounts> count(String version) throws IOException, InterruptedException;
    }
}
