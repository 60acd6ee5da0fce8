package dev.precept.console.rows;

import dev.precept.console.specs.ClauseCounts;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Counts citations from the columns of an index. Thread-safe. */
public final class CitationCounter implements ClauseCounts.Counter {
    private final RowIndex index;

    public CitationCounter(RowIndex index) {
        this.index = index;
    }

    /**
     * Counts citations of one version of a specification; empty while rows are still being read.
     *
     * @throws IOException if the rows cannot be read
     */
    @Override
    public Optional<ClauseCounts> count(String version) throws IOException, InterruptedException {
        RowIndex.State now = index.current();
        if (!now.complete()) {
            return Optional.empty();
        }
        int wanted = now.columns().specifications.code(version);
        List<List<String>> sets = now.columns().clauses.all();
        long[] cited = new long[sets.size()];
        long[] kept = new long[sets.size()];
        long falseCitations = 0;
        for (Segment segment : now.segments()) {
            for (int at = 0; at < segment.count; at++) {
                if (segment.specification[at] == wanted) {
                    cited[segment.clauses[at]]++;
                    kept[segment.clauses[at]] +=
                            RowOutcome.of(segment.outcome[at]).isKept() ? 1 : 0;
                    falseCitations += (segment.findings[at] & RowFinding.FALSE_CITATION.bit()) == 0 ? 0 : 1;
                }
            }
        }
        Map<String, Long> citedBy = new TreeMap<>();
        Map<String, Long> keptBy = new TreeMap<>();
        Map<List<String>, Long> keptSets = new HashMap<>();
        for (int set = 0; set < cited.length; set++) {
            if (kept[set] > 0) {
                keptSets.put(sets.get(set), kept[set]);
            }
            for (String clause : sets.get(set)) {
                citedBy.merge(clause, cited[set], Long::sum);
                keptBy.merge(clause, kept[set], Long::sum);
            }
        }
        return Optional.of(new ClauseCounts(citedBy, keptBy, keptSets, falseCitations));
    }
}
