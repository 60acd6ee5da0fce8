package dev.precept.benchmarks;

import dev.precept.benchmarks.server.Latency;
import java.time.Duration;
import java.util.List;

/**
 * Parameters of one measurement of a worker.
 *
 * @param concurrency maximum calls in flight of the client
 * @param calls total number of calls
 * @param heap heap of the client, in the format of {@code -Xmx}
 * @param compared whether a bare loop is measured too
 */
record Scenario(String name, Latency latency, int concurrency, long calls, String heap, boolean compared) {
    /** JIT compilation uses a core for some seconds after the start, which is negligible in a run of hours. */
    private static final long WARM_UP_ROUNDS = 5;

    private static final String HEAP = "1g";
    private static final int MAX_IN_FLIGHT = 8_000;
    private static final String SMALL_HEAP = "1600m";

    /** All scenarios, sized so that the steady part of each lasts about {@code steady}. */
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
                        MAX_IN_FLIGHT,
                        2 * MAX_IN_FLIGHT,
                        SMALL_HEAP,
                        false));
    }

    private static Scenario comparison(String name, Latency latency, int concurrency, Duration steady) {
        double rounds =
                WARM_UP_ROUNDS + 1 + (double) steady.toMillis() / latency.mean().toMillis();
        return new Scenario(name, latency, concurrency, Math.round(concurrency * rounds), HEAP, true);
    }

    /** The call whose start brings the client to full concurrency. */
    long full() {
        return concurrency;
    }

    /** The call at which the client is warm and the measured window opens. */
    long opens() {
        return compared ? WARM_UP_ROUNDS * concurrency : concurrency;
    }

    /** The last call at whose start enough calls remain for full concurrency; the window closes there. */
    long closes() {
        return compared ? calls - concurrency : calls;
    }

    /** Upper bound for the duration of a measurement. */
    Duration timeout() {
        return latency.mean().multipliedBy(3 * calls / concurrency).plusSeconds(60);
    }
}
