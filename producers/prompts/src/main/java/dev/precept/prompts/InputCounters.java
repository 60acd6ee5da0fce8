package dev.precept.prompts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts rows; logs the first unusable rows, and each ignored field once per source. Thread-safe. */
final class InputCounters {
    private static final Logger log = LoggerFactory.getLogger(InputCounters.class);
    private static final int MAX_LOGGED = 10;
    private static final int MAX_NAMES = 100;

    private long lines;
    private long unusable;
    private final List<String> firstUnusable = new ArrayList<>();
    private final Map<String, Set<String>> ignored = new LinkedHashMap<>();

    synchronized void count(ParsedRow parsedRow) {
        lines++;
        if (parsedRow instanceof ParsedRow.Unusable bad) {
            unusable++;
            if (firstUnusable.size() < MAX_LOGGED) {
                String description = bad.location() + ": " + bad.body().getDetail();
                firstUnusable.add(description);
                log.atWarn()
                        .addKeyValue("fault", bad.body().getFault())
                        .addKeyValue("line", description)
                        .log("unusable line");
            }
        }
    }

    synchronized void ignored(String source, String field) {
        Set<String> names = ignored.computeIfAbsent(source, any -> new LinkedHashSet<>());
        if (names.size() < MAX_NAMES && names.add(field)) {
            log.atWarn().addKeyValue("file", source).addKeyValue("field", field).log("ignored an unknown field");
        }
    }

    /** Logs the total if there are more unusable rows than were logged individually. */
    synchronized void logTotal() {
        if (unusable > firstUnusable.size()) {
            log.atWarn()
                    .addKeyValue("lines", lines)
                    .addKeyValue("unusable", unusable)
                    .log("more unusable lines");
        }
    }

    synchronized InputSummary summary() {
        Map<String, List<String>> names = new LinkedHashMap<>();
        ignored.forEach((source, fields) -> names.put(source, List.copyOf(fields)));
        return new InputSummary(lines, unusable, List.copyOf(firstUnusable), names);
    }
}
