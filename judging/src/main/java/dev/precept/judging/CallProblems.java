package dev.precept.judging;

import dev.precept.model.TextLimit;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what goes wrong at the models of a role: the first problems of each kind one by one, then their counts, so that an
 * outage of hours does not fill the log. Not thread-safe.
 */
final class CallProblems {
    private static final Logger log = LoggerFactory.getLogger(CallProblems.class);
    /** Problems of one kind that are logged one by one. */
    static final int FIRST = 5;

    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final int MAX_DETAIL = 500;
    private static final int MAX_EXCERPT = 200;

    private final String role;
    private final LongSupplier nanoTime;
    private final Map<String, Long> counts = new TreeMap<>();
    private Map<String, Long> logged = Map.of();
    private long loggedNanos;

    /** @param nanoTime {@link System#nanoTime} */
    CallProblems(String role, LongSupplier nanoTime) {
        this.role = role;
        this.nanoTime = nanoTime;
        this.loggedNanos = nanoTime.getAsLong();
    }

    /**
     * Counts a problem.
     *
     * @param kind such as timed_out
     * @param excerpt of a reply that is not of use; empty where there is none
     */
    void record(String kind, String detail, String excerpt) {
        long count = counts.merge(kind, 1L, Long::sum);
        if (count > FIRST) {
            if (count == FIRST + 1) {
                log.atWarn()
                        .addKeyValue("role", role)
                        .addKeyValue("kind", kind)
                        .log("more model problems of this kind; from here on they are counted");
            }
            return;
        }
        var event = log.atWarn()
                .addKeyValue("role", role)
                .addKeyValue("kind", kind)
                .addKeyValue("cause", shortened(detail, MAX_DETAIL));
        if (!excerpt.isEmpty()) {
            event = event.addKeyValue("excerpt", shortened(excerpt, MAX_EXCERPT));
        }
        event.log("model problem");
    }

    /** Logs the counts if they have grown, at most every 30 s. */
    void logCountsIfDue() {
        if (nanoTime.getAsLong() - loggedNanos >= INTERVAL.toNanos()) {
            logCounts();
        }
    }

    /** Logs the counts if they have grown. */
    void logCounts() {
        loggedNanos = nanoTime.getAsLong();
        if (!counts.equals(logged)) {
            logged = Map.copyOf(counts);
            log.atWarn()
                    .addKeyValue("role", role)
                    .addKeyValue(
                            "counts",
                            counts.entrySet().stream()
                                    .map(count -> count.getKey() + " " + count.getValue())
                                    .collect(Collectors.joining(", ")))
                    .log("model problems");
        }
    }

    /** One line without control characters. */
    private static String shortened(String text, int most) {
        return TextLimit.cut(text.replaceAll("\\p{Cntrl}+", " "), most);
    }
}
