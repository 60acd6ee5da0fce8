package dev.precept.judging.canary;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** Counts the canaries of one process by expected and actual outcome. Thread-safe. */
final class CanaryCounters {
    private final Map<Canary.Expected, Map<Canary.Outcome, Cell>> cells = new EnumMap<>(Canary.Expected.class);

    private record Cell(Counter meter, LongAdder count) {}

    /** Registers every meter at once, so that the first canary shows as an increase. */
    CanaryCounters(MeterRegistry meters) {
        for (Canary.Expected expected : Canary.Expected.values()) {
            Map<Canary.Outcome, Cell> row = new EnumMap<>(Canary.Outcome.class);
            for (Canary.Outcome outcome : Canary.Outcome.values()) {
                Counter meter = Counter.builder("precept.canaries")
                        .description("canaries judged, by expected and actual outcome")
                        .tags("expected", label(expected), "outcome", label(outcome))
                        .register(meters);
                row.put(outcome, new Cell(meter, new LongAdder()));
            }
            cells.put(expected, row);
        }
    }

    void count(Canary.Expected expected, Canary.Outcome outcome) {
        Cell cell = cell(expected, outcome);
        cell.meter().increment();
        cell.count().increment();
    }

    /** All counts in one line; empty if no canary was judged. */
    Optional<String> summary() {
        long undecided = total(Canary.Expected.KEEP, Canary.Outcome.UNDECIDED)
                + total(Canary.Expected.TURN_AWAY, Canary.Outcome.UNDECIDED);
        long badTurnedAway = total(Canary.Expected.TURN_AWAY, Canary.Outcome.TURNED_AWAY);
        long badKept = total(Canary.Expected.TURN_AWAY, Canary.Outcome.KEPT);
        long goodKept = total(Canary.Expected.KEEP, Canary.Outcome.KEPT);
        long goodTurnedAway = total(Canary.Expected.KEEP, Canary.Outcome.TURNED_AWAY);
        return undecided + badTurnedAway + badKept + goodKept + goodTurnedAway == 0
                ? Optional.empty()
                : Optional.of("canaries: of the known-bad " + badTurnedAway + " turned away and " + badKept
                        + " kept; of the known-good " + goodKept + " kept and " + goodTurnedAway + " turned away; "
                        + undecided + " undecided");
    }

    private long total(Canary.Expected expected, Canary.Outcome outcome) {
        return cell(expected, outcome).count().sum();
    }

    private Cell cell(Canary.Expected expected, Canary.Outcome outcome) {
        Cell cell = cells.getOrDefault(expected, Map.of()).get(outcome);
        if (cell == null) {
            throw new IllegalStateException("every outcome has a meter");
        }
        return cell;
    }

    private static String label(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT);
    }
}
