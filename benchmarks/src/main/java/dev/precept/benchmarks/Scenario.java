package dev.precept.benchmarks;

import dev.precept.benchmarks.server.Latency;
import java.time.Duration;
import java.util.List;

/**
 * One situation a worker is measured in.
 *
 * @param places most calls in flight of the client
 * @param calls made in all
 * @param heap of the client, as {@code -Xmx} takes it
 * @param compared whether a bare loop is measured beside the worker
 */
record Scenario(String name, Latency latency, int places, long calls, String heap, boolean compared) {
    /** Compiling takes a young process a core for seconds; of hours of generation that is nothing. */
    private static final long WARM_UP_ROUNDS = 5;

    private static final String HEAP = "1g";
    private static final int MOST_IN_FLIGHT = 8_000;
    private static final String SMALL_HEAP = "1600m";

    /** All that are known, sized so that the steady part of each lasts about so long. */
    static List<Scenario> all(Duration steady) {
        Latency constant = Latency.parse("constant:1000");
        Latency tail = Latency.parse("tail");
        return List.of(
                comparison("constant-1000", constant, 1_000, steady),
                comparison("constant-2000", constant, 2_000, steady),
                comparison("tail-1000", tail, 1_000, steady),
                comparison("tail-2000", tail, 2_000, steady),
                new Scenario(
                        "inflight",
                        Latency.parse("constant:10000"),
                        MOST_IN_FLIGHT,
                        2 * MOST_IN_FLIGHT,
                        SMALL_HEAP,
                        false));
    }

    private static Scenario comparison(String name, Latency latency, int places, Duration steady) {
        double rounds =
                WARM_UP_ROUNDS + 1 + (double) steady.toMillis() / latency.mean().toMillis();
        return new Scenario(name, latency, places, Math.round(places * rounds), HEAP, true);
    }

    /** The call at whose beginning every place has been taken once. */
    long full() {
        return places;
    }

    /** The call from which on the client is warm: there the measured window opens. */
    long opens() {
        return compared ? WARM_UP_ROUNDS * places : places;
    }

    /** The call at whose beginning there is still one waiting for each place: there the window closes. */
    long closes() {
        return compared ? calls - places : calls;
    }

    /** More than a measurement takes that is not stuck. */
    Duration patience() {
        return latency.mean().multipliedBy(3 * calls / places).plusSeconds(60);
    }
}
