package dev.precept.cli.command;

import dev.precept.config.ConfigurationException;
import dev.precept.records.InvalidReason;
import dev.precept.records.Reason;
import dev.precept.records.Rejection;
import dev.precept.records.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Selects the rows that {@code precept show} prints; a row must match every option that is given. */
final class RowFilter {
    /** Values that are listed where no row matches. */
    private static final int MAX_LISTED = 20;

    @Option(
            names = "--reason",
            paramLabel = "REASON",
            description = "rejections with this reason, such as LOW_SCORE; implies --rejected")
    private @Nullable String reason;

    @Option(names = "--category", paramLabel = "NAME", description = "rows of this category")
    private @Nullable String category;

    @Option(
            names = "--clause",
            paramLabel = "ID",
            description = "rows that cite this clause; with --rejected: failed attempts that do")
    private @Nullable String clause;

    @Option(
            names = "--below",
            paramLabel = "X",
            description = "rows whose lowest score is below X; with --rejected: failed attempts")
    private @Nullable Double below;

    @Option(
            names = "--sample",
            paramLabel = "ID",
            description = "one sample or slot, by its id or the beginning of it, with its failed attempts")
    private @Nullable String sample;

    private final SortedSet<String> categories = new TreeSet<>();
    private final SortedSet<String> reasons = new TreeSet<>();
    private final SortedSet<String> clauses = new TreeSet<>();

    /** @throws ConfigurationException if a reason does not exist */
    void check() {
        if (reason != null && !known().contains(reason.toUpperCase(Locale.ROOT))) {
            throw new ConfigurationException(
                    "--reason " + reason + ": is not a reason; give one of " + String.join(", ", known()));
        }
        if (below != null && below.isNaN()) {
            throw new ConfigurationException("--below: give a number from 0 to 10");
        }
    }

    private static List<String> known() {
        return Stream.concat(Arrays.stream(Reason.values()), Arrays.stream(InvalidReason.values()))
                .map(Enum::name)
                .toList();
    }

    @Nullable
    String reason() {
        return reason;
    }

    /** Whether an option selects by a column of samples. */
    boolean isOfSamples() {
        return category != null || clause != null || below != null || sample != null;
    }

    boolean isOfRejections() {
        return reason != null;
    }

    /** Whether an option concerns the output of a model, which the end of a slot does not hold. */
    boolean needsOutput() {
        return clause != null || below != null;
    }

    @Nullable
    String sampleId() {
        return sample;
    }

    boolean matches(Sample row) {
        categories.addAll(row.getCategory());
        clauses.addAll(row.getCitedClauses());
        return isCategory(row.getCategory())
                && isClause(row.getCitedClauses())
                && (below == null || row.getJudgeMin() < below)
                && (sample == null
                        || row.getSampleId().startsWith(sample)
                        || row.getPromptId().startsWith(sample)
                        || RowPrinter.shortId(row).equals(sample)
                        || (row.getPromptId() + "#" + row.getSlot()).equals(sample));
    }

    boolean matches(Rejection row) {
        String found = String.valueOf(row.getReason() == null ? row.getInvalidReason() : row.getReason());
        List<String> named = row.getCategory() == null ? List.of() : row.getCategory();
        List<String> cited = row.getCitedClauses() == null ? List.of() : row.getCitedClauses();
        reasons.add(found);
        categories.addAll(named);
        clauses.addAll(cited);
        return (reason == null || reason.equalsIgnoreCase(found))
                && isCategory(named)
                && isClause(cited)
                && (below == null || (row.getJudgeMin() != null && row.getJudgeMin() < below))
                && (sample == null
                        || row.getSlotId().startsWith(sample)
                        || RowPrinter.shortId(row).equals(sample));
    }

    private boolean isCategory(List<String> categories) {
        return category == null || categories.stream().anyMatch(category::equalsIgnoreCase);
    }

    private boolean isClause(List<String> cited) {
        return clause == null || cited.stream().anyMatch(clause::equalsIgnoreCase);
    }

    /** What the rows that were read hold, for a filter that no row matched. */
    List<String> alternatives() {
        List<String> lines = new ArrayList<>();
        if (reason != null) {
            lines.add(alternatives("reasons", reasons));
        }
        if (category != null) {
            lines.add(alternatives("categories", categories));
        }
        if (clause != null) {
            lines.add(alternatives("cited clauses", clauses));
        }
        return lines;
    }

    private static String alternatives(String what, SortedSet<String> values) {
        return what + " of the rows that were read: "
                + (values.isEmpty()
                        ? "none"
                        : String.join(", ", values.stream().limit(MAX_LISTED).toList())
                                + (values.size() > MAX_LISTED ? ", …" : ""));
    }
}
