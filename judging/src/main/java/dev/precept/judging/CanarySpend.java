package dev.precept.judging;

import dev.precept.records.CanaryCounts;
import dev.precept.records.CanaryExpectation;
import dev.precept.schemas.TrustedRecords;
import java.util.Map;
import java.util.TreeMap;

/** What a judge did with each canary so far, as its spend reports it. Thread-safe. */
public final class CanarySpend {
    /** A report is one record. Further canaries of one expectation are counted together, under an id that no canary has. */
    static final int MOST_IDS = 1_000;

    private static final String OTHERS = "*";

    static {
        TrustedRecords.trust(); // counts are copied
    }

    private final Map<String, CanaryCounts> counts = new TreeMap<>();

    /** What became of a canary. */
    public enum Outcome {
        KEPT,
        TURNED_AWAY,
        UNDECIDED
    }

    /** A canary is being judged. */
    public synchronized void started(String id, CanaryExpectation expected) {
        CanaryCounts counted = of(id, expected);
        counted.setInFlight(counted.getInFlight() + 1);
    }

    /** A canary that was started has ended. */
    public synchronized void ended(String id, CanaryExpectation expected, Outcome outcome) {
        CanaryCounts counted = of(id, expected);
        counted.setInFlight(counted.getInFlight() - 1);
        switch (outcome) {
            case KEPT -> counted.setKept(counted.getKept() + 1);
            case TURNED_AWAY -> counted.setTurnedAway(counted.getTurnedAway() + 1);
            case UNDECIDED -> counted.setUndecided(counted.getUndecided() + 1);
        }
    }

    private CanaryCounts of(String id, CanaryExpectation expected) {
        String key = counts.containsKey(id) || counts.size() < MOST_IDS ? id : OTHERS + expected;
        return counts.computeIfAbsent(
                key, _ -> CanaryCounts.newBuilder().setExpected(expected).build());
    }

    /** A copy, by id. */
    synchronized Map<String, CanaryCounts> snapshot() {
        Map<String, CanaryCounts> copy = new TreeMap<>();
        counts.forEach(
                (id, counted) -> copy.put(id, CanaryCounts.newBuilder(counted).build()));
        return copy;
    }
}
