package dev.precept.prompts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what is read, and says the first unusable lines and every ignored field once. Thread-safe. */
final class InputCounters {
    private static final Logger log = LoggerFactory.getLogger(InputCounters.class);
    private static final int SAID = 10;
    private static final int MOST_NAMES = 100;

    private long lines;
    private long unusable;
    private final List<String> firstUnusable = new ArrayList<>();
    private final Map<String, Set<String>> ignored = new LinkedHashMap<>();

    synchronized void count(ParsedRow parsedRow) {
        lines++;
        if (parsedRow instanceof ParsedRow.Unusable bad) {
            unusable++;
            if (firstUnusable.size() < SAID) {
                String said = bad.location() + ": " + bad.body().getDetail();
                firstUnusable.add(said);
                log.atWarn()
                        .addKeyValue("fault", bad.body().getFault())
                        .addKeyValue("line", said)
                        .log("a line cannot be asked");
            }
        }
    }

    synchronized void ignored(String source, String field) {
        Set<String> names = ignored.computeIfAbsent(source, any -> new LinkedHashSet<>());
        if (names.size() < MOST_NAMES && names.add(field)) {
            log.atWarn().addKeyValue("file", source).addKeyValue("field", field).log("a field nobody knows is ignored");
        }
    }

    /** Says how many unusable lines there were beyond those that were said one by one. */
    synchronized void logRemaining() {
        if (unusable > firstUnusable.size()) {
            log.atWarn()
                    .addKeyValue("lines", lines)
                    .addKeyValue("unusable", unusable)
                    .log("more lines cannot be asked");
        }
    }

    synchronized InputSummary summary() {
        Map<String, List<String>> names = new LinkedHashMap<>();
        ignored.forEach((source, fields) -> names.put(source, List.copyOf(fields)));
        return new InputSummary(lines, unusable, List.copyOf(firstUnusable), names);
    }
}
