package dev.precept.console.rows;

import dev.precept.console.api.ApiException;
import dev.precept.console.api.ApiRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which rows are wanted: conditions on columns of the index, all of which a row must meet. Made for one state of the index.
 */
final class RowFilter {
    /** Votes of a row disagree if they differ by this much. */
    private static final int DISAGREEMENT = 3 * Segment.TENTHS;

    private static final Facet[] FACETS = Facet.values();
    private static final int ALL_MET = -1;
    private static final int SEVERAL = -2;

    /** The conditions that facets count. A row is counted for the values of a column if it meets all other conditions. */
    enum Facet {
        OUTCOME(0),
        REASON(1),
        CATEGORY(2),
        STYLE(3),
        CLAUSE(4),
        SOURCE(5),
        FINDING(6);

        private final int number;

        Facet(int number) {
            this.number = number;
        }
    }

    private final @Nullable RowOutcome outcome;
    private final @Nullable RowFinding finding;
    private final boolean @Nullable [] reasons;
    private final boolean @Nullable [] categories;
    private final boolean @Nullable [] styles;
    private final boolean @Nullable [] clauses;
    private final boolean @Nullable [] sources;
    private final boolean disagree;
    private final long near;

    /** @throws ApiException if a parameter has no meaning */
    RowFilter(ApiRequest request, RowColumns columns) throws ApiException {
        outcome = outcome(request.parameter("outcome"));
        finding = finding(request.parameter("finding"));
        reasons = wanted(request.parameter("reason"), columns.reasons);
        styles = wanted(request.parameter("style"), columns.styles);
        sources = wanted(request.parameter("source"), columns.sources);
        categories = holding(request.parameter("category"), columns.categories);
        clauses = holding(request.parameter("clause"), columns.clauses);
        Optional<String> judges = request.parameter("judges");
        if (judges.filter(value -> !value.equals("disagree")).isPresent()) {
            throw ApiException.badRequest("judges: give disagree");
        }
        disagree = judges.isPresent();
        near = request.parameter("near").map(Segment::key).orElse(0L);
        if (request.parameter("near").isPresent() && near == 0) {
            throw ApiException.badRequest("near: give the id of a row");
        }
    }

    private static @Nullable RowOutcome outcome(Optional<String> label) throws ApiException {
        if (label.isEmpty()) {
            return null;
        }
        return RowOutcome.byLabel(label.get())
                .orElseThrow(() -> ApiException.badRequest("outcome: there is no such outcome"));
    }

    private static @Nullable RowFinding finding(Optional<String> label) throws ApiException {
        if (label.isEmpty()) {
            return null;
        }
        return RowFinding.byLabel(label.get())
                .orElseThrow(() -> ApiException.badRequest("finding: there is no such finding"));
    }

    private static boolean @Nullable [] wanted(Optional<String> value, Values<String> column) {
        return value.isEmpty() ? null : matching(column.all(), value.get()::equalsIgnoreCase);
    }

    private static boolean @Nullable [] holding(Optional<String> value, Values<List<String>> column) {
        return value.isEmpty() ? null : matching(column.all(), list -> list.contains(value.get()));
    }

    private static <V> boolean[] matching(List<V> values, Predicate<V> wanted) {
        boolean[] matching = new boolean[values.size()];
        for (int code = 0; code < matching.length; code++) {
            matching[code] = wanted.test(values.get(code));
        }
        return matching;
    }

    boolean matches(Segment segment, int at) {
        return matchesOther(segment, at) && unmet(segment, at) == ALL_MET;
    }

    private boolean matchesOther(Segment segment, int at) {
        return (!disagree || segment.spread[at] >= DISAGREEMENT) && (near == 0 || segment.near[at] == near);
    }

    /** The one condition that a row does not meet, by the number of its facet. */
    private int unmet(Segment segment, int at) {
        int unmet = ALL_MET;
        for (Facet facet : FACETS) {
            if (!meets(facet, segment, at)) {
                if (unmet != ALL_MET) {
                    return SEVERAL;
                }
                unmet = facet.number;
            }
        }
        return unmet;
    }

    private boolean meets(Facet facet, Segment segment, int at) {
        return switch (facet) {
            case OUTCOME -> outcome == null || segment.outcome[at] == outcome.code();
            case REASON -> has(reasons, segment.reason[at]);
            case CATEGORY -> has(categories, segment.category[at]);
            case STYLE -> has(styles, segment.style[at]);
            case CLAUSE -> has(clauses, segment.clauses[at]);
            case SOURCE -> has(sources, segment.source[at]);
            case FINDING -> finding == null || (segment.findings[at] & finding.bit()) != 0;
        };
    }

    /** Values that came after the filter was made match nothing. */
    private static boolean has(boolean @Nullable [] wanted, int code) {
        return wanted == null || (code < wanted.length && wanted[code]);
    }

    /** Counts of rows by value, for each facet. */
    static final class Counts {
        private final RowColumns columns;
        private final long[][] counts = new long[FACETS.length][];
        private long total;

        Counts(RowColumns columns) {
            this.columns = columns;
            counts[Facet.OUTCOME.number] = new long[RowOutcome.values().length];
            counts[Facet.REASON.number] = new long[columns.reasons.all().size()];
            counts[Facet.CATEGORY.number] = new long[columns.categories.all().size()];
            counts[Facet.STYLE.number] = new long[columns.styles.all().size()];
            counts[Facet.CLAUSE.number] = new long[columns.clauses.all().size()];
            counts[Facet.SOURCE.number] = new long[columns.sources.all().size()];
            counts[Facet.FINDING.number] = new long[1 << RowFinding.BITS];
        }

        long total() {
            return total;
        }

        private void count(Facet facet, Segment segment, int at) {
            int code = switch (facet) {
                case OUTCOME -> segment.outcome[at];
                case REASON -> segment.reason[at];
                case CATEGORY -> segment.category[at];
                case STYLE -> segment.style[at];
                case CLAUSE -> segment.clauses[at];
                case SOURCE -> segment.source[at];
                case FINDING -> segment.findings[at];
            };
            counts[facet.number][code]++;
        }

        /** The values of a facet with their counts, the most frequent first. */
        List<Entry> values(Facet facet) {
            long[] by = counts[facet.number];
            TreeMap<String, Long> named = new TreeMap<>();
            List<String> texts =
                    Arrays.stream(RowOutcome.values()).map(RowOutcome::label).toList();
            for (int code = 0; code < by.length; code++) {
                if (by[code] > 0) {
                    for (String name : names(facet, code, texts)) {
                        named.merge(name, by[code], Long::sum);
                    }
                }
            }
            List<Entry> entries = new ArrayList<>();
            named.forEach((name, count) -> {
                if (!name.isEmpty()) {
                    entries.add(new Entry(name, count));
                }
            });
            entries.sort((one, other) -> Long.compare(other.count, one.count));
            return entries;
        }

        private List<String> names(Facet facet, int code, List<String> outcomes) {
            return switch (facet) {
                case OUTCOME -> List.of(outcomes.get(code));
                case REASON -> List.of(columns.reasons.value(code));
                case CATEGORY -> columns.categories.value(code);
                case STYLE -> List.of(columns.styles.value(code));
                case CLAUSE -> columns.clauses.value(code);
                case SOURCE -> List.of(columns.sources.value(code));
                case FINDING ->
                    Arrays.stream(RowFinding.values())
                            .filter(finding -> (code & finding.bit()) != 0)
                            .map(RowFinding::label)
                            .toList();
            };
        }
    }

    record Entry(String name, long count) {}

    /** Counts a row; whether it is wanted. */
    boolean count(Segment segment, int at, Counts counts) {
        if (!matchesOther(segment, at)) {
            return false;
        }
        int unmet = unmet(segment, at);
        if (unmet == ALL_MET) {
            counts.total++;
            for (Facet facet : FACETS) {
                counts.count(facet, segment, at);
            }
            return true;
        }
        if (unmet != SEVERAL) {
            counts.count(FACETS[unmet], segment, at);
        }
        return false;
    }
}
