package dev.precept.prompts;

import dev.precept.records.Contamination;
import dev.precept.records.Prompt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Counts the prompts that hold questions of evaluation sets, by set and by file. */
final class ContaminatedPrompts {
    private static final int MAX_SETS = 8;
    /** A file above this share is probably the evaluation set itself. */
    private static final double SUSPICIOUS = 0.5;

    private final Map<String, Long> bySet = new LinkedHashMap<>();
    private final Map<String, Long> byFile = new LinkedHashMap<>();
    private String first = "";
    private long count;

    void add(String file, Prompt prompt) {
        Contamination found = Objects.requireNonNull(prompt.getContamination());
        if (count++ == 0) {
            first = file + ":" + prompt.getOrigin().getLine() + " holds row " + found.getRow() + " of "
                    + found.getSet();
        }
        bySet.merge(found.getSet(), 1L, Long::sum);
        byFile.merge(file, 1L, Long::sum);
    }

    long count() {
        return count;
    }

    /** @param rows of each file */
    List<String> lines(Map<String, Long> rows) {
        List<String> lines = new ArrayList<>();
        if (count > 0) {
            List<String> sets = bySet.entrySet().stream()
                    .limit(MAX_SETS)
                    .map(set -> String.format(Locale.ROOT, "%s (%,d)", set.getKey(), set.getValue()))
                    .toList();
            lines.add("prompts: a contaminated prompt ends as CONTAMINATED; of " + String.join(", ", sets)
                    + (bySet.size() > MAX_SETS ? " and " + (bySet.size() - MAX_SETS) + " more sets" : "") + "; "
                    + first);
        }
        byFile.forEach((file, contaminated) -> {
            long all = rows.getOrDefault(file, contaminated);
            if (contaminated > SUSPICIOUS * all) {
                lines.add(String.format(
                        Locale.ROOT,
                        "%s: %,d of its %,d prompts are contaminated; is it the evaluation set itself?",
                        file,
                        contaminated,
                        all));
            }
        });
        return lines;
    }
}
