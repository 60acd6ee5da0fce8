package dev.precept.prompts;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * What the selected rows of all sources are, counted before the first record of the run.
 *
 * @param rows selected rows
 * @param unusable rows that make no prompt, without those that {@code prompts.unlabelled: reject} leaves out
 * @param duplicates rows that repeat the prompt of an earlier one, among the first million different prompts
 * @param firstDuplicate file and line of the first of them
 * @param unlabelled rows that are prompts without a category
 * @param treatment what a model is told with these
 * @param contaminated prompts that hold a question of an evaluation set; empty if the recipe names none
 * @param contents lines on what the prompts hold: sets and files of the contaminated, personal data, risks
 * @param faults why rows are unusable, most frequent first
 * @param notes what was read otherwise than by the names and forms of the documentation, with the number of rows
 * @param ignoredFields names of unknown fields by source; at most 100 per source
 */
public record InputReport(
        long rows,
        long unusable,
        long duplicates,
        String firstDuplicate,
        long unlabelled,
        Unlabelled treatment,
        OptionalLong contaminated,
        List<String> contents,
        List<Fault> faults,
        Map<String, Long> notes,
        Map<String, List<String>> ignoredFields) {
    private static final int MAX_FAULTS = 12;
    private static final int MAX_NOTES = 8;

    /**
     * Rows that are unusable for one reason.
     *
     * @param first file and line of the first of them
     */
    public record Fault(String detail, long rows, String first) {}

    /** The number of prompts, of duplicates, and of those without a category. */
    public String headline() {
        return counted(rows, "prompt")
                + (duplicates == 0 ? "" : ", " + counted(duplicates, "duplicate"))
                + (unlabelled == 0
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                ", %,d without a category (%s)",
                                unlabelled,
                                switch (treatment) {
                                    case ALL -> "given all clauses";
                                    case SUMMARY -> "given the summary";
                                    case REJECT -> "rejected";
                                }))
                + (contaminated.isEmpty()
                        ? ""
                        : String.format(Locale.ROOT, ", %,d contaminated", contaminated.getAsLong()));
    }

    /** What else to know before the first call, one line each. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (!notes.isEmpty()) {
            lines.add("prompts: "
                    + notes.entrySet().stream()
                            .limit(MAX_NOTES)
                            .map(note -> note.getKey() + String.format(Locale.ROOT, " (%,d)", note.getValue()))
                            .collect(Collectors.joining("; "))
                    + (notes.size() > MAX_NOTES ? "; and " + (notes.size() - MAX_NOTES) + " more" : ""));
        }
        if (duplicates > 0) {
            lines.add("prompts: a duplicate ends as DUPLICATE_PROMPT; the first is " + firstDuplicate);
        }
        lines.addAll(contents);
        if (!faults.isEmpty()) {
            lines.add("prompts: " + unusableRows());
            lines.addAll(faultLines(faults));
        }
        ignoredFields.forEach(
                (file, fields) -> lines.add(file + ": ignored unknown fields: " + String.join(", ", fields)));
        return lines;
    }

    private String unusableRows() {
        return String.format(Locale.ROOT, "%,d of %,d rows cannot be used:", unusable, rows);
    }

    /** The most frequent faults, one line each. */
    static List<String> faultLines(List<Fault> faults) {
        List<String> lines = new ArrayList<>();
        for (Fault fault : faults.subList(0, Math.min(MAX_FAULTS, faults.size()))) {
            lines.add(String.format(Locale.ROOT, "%,6d  %s (%s)", fault.rows(), fault.detail(), fault.first()));
        }
        if (faults.size() > MAX_FAULTS) {
            long rest = faults.stream().skip(MAX_FAULTS).mapToLong(Fault::rows).sum();
            lines.add(String.format(Locale.ROOT, "%,6d  of %d other kinds", rest, faults.size() - MAX_FAULTS));
        }
        return lines;
    }

    private static String counted(long rows, String what) {
        return String.format(Locale.ROOT, rows == 1 ? "%,d %s" : "%,d %ss", rows, what);
    }
}
