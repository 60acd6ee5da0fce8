package dev.precept.model.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.model.resilience.SimulatedServer.Settings;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Under the limiter a server is as busy as under a closed loop at its best concurrency, and few calls are lost: for
 * servers that queue, whose capacity halves and comes back, that slow down with the batch, or that lose some requests.
 * Five of a hundred requests always fail. Virtual time; the seed is printed.
 */
class OverloadSimulationTest {
    private static final int SLOTS = 64;
    private static final double MEAN_TOKENS = 400;
    private static final double POISONED = 0.05;
    /** Of a run, in call lengths. */
    private static final int RUN = 120;

    private static final int WARM = 20;

    private final long seed = new SplittableRandom().nextLong();

    OverloadSimulationTest() {
        System.out.println("overload simulation, seed " + seed);
    }

    /** What a client achieves after the start. */
    private record Result(double goodput, double wasted, int lowestLimit, int highestLimit) {}

    private Result run(Settings settings, double callSeconds, int bestConcurrency, boolean halved) {
        SimulatedServer limited = run(SimulatedServer.limited(settings, seed), callSeconds, halved);
        SimulatedServer loop = run(SimulatedServer.closedLoop(settings, seed, bestConcurrency), callSeconds, halved);
        return new Result(
                limited.tokensPerSecond() / loop.tokensPerSecond(),
                limited.wasted(),
                limited.lowestLimit(),
                limited.highestLimit());
    }

    private static SimulatedServer run(SimulatedServer server, double callSeconds, boolean halved) {
        if (halved) {
            server.slots(seconds(RUN / 3.0 * callSeconds), SLOTS / 2)
                    .slots(seconds(RUN * 2 / 3.0 * callSeconds), SLOTS);
        }
        return server.runUntil(seconds(WARM * callSeconds)).resetCounts().runUntil(seconds(RUN * callSeconds));
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(1_000 * seconds));
    }

    private static Settings queueing(int concurrency, double callSeconds, double timeoutSeconds) {
        DoubleUnaryOperator perToken = running -> callSeconds / MEAN_TOKENS;
        return new Settings(SLOTS, concurrency, MEAN_TOKENS, seconds(timeoutSeconds), POISONED, 0, false, perToken, 0);
    }

    @Test
    void aServerThatQueuesIsKeptBusyWhileItsCapacityHalvesAndComesBack() {
        Result result = run(queueing(256, 1, 5), 1, SLOTS, true);
        assertThat(result.goodput()).isGreaterThan(0.95);
        assertThat(result.wasted()).isLessThan(0.02);
        assertThat(result.lowestLimit()).isLessThan(SLOTS);
    }

    @Test
    void soIsOneWithCallsOfAMinute() {
        Result result = run(queueing(256, 60, 300), 60, SLOTS, true);
        assertThat(result.goodput()).isGreaterThan(0.95);
        assertThat(result.wasted()).isLessThan(0.02);
    }

    @Test
    void anOverloadOfEightTimesEndsSoon() {
        SimulatedServer server = SimulatedServer.limited(queueing(512, 1, 6), seed)
                .runUntil(seconds(60))
                .resetCounts()
                .runUntil(seconds(100));
        assertThat(server.wasted()).isLessThan(0.02);
        assertThat(server.limit()).isLessThan(4 * SLOTS);
    }

    @Test
    void slowerTokensInLargerBatchesAreNoQueue() {
        Settings settings = new Settings(
                256, 256, MEAN_TOKENS, seconds(60), POISONED, 0, false, running -> 0.0005 + 0.00001 * running, 0);
        Result result = run(settings, 1.2, 256, false);
        assertThat(result.goodput()).isGreaterThan(0.98);
    }

    @Test
    void timeForThePromptIsNoQueue() {
        Settings settings =
                new Settings(1_000, 256, MEAN_TOKENS, seconds(20), POISONED, 0, false, running -> 0.0025, 1);
        Result result = run(settings, 2, 256, false);
        assertThat(result.goodput()).isGreaterThan(0.94);
    }

    @Test
    void requestsThatNeverEndAreNoOverload() {
        Settings settings = new Settings(1_000, 256, MEAN_TOKENS, seconds(5), 0, 0.05, false, running -> 0.0025, 0);
        Result result = run(settings, 1, 256, false);
        assertThat(result.goodput()).isGreaterThan(0.98);
        assertThat(result.lowestLimit()).isGreaterThan(200);
    }

    @Test
    void withAnswersOfEqualLengthTimeoutsAloneEndAnOverload() {
        Settings settings = new Settings(SLOTS, 512, MEAN_TOKENS, seconds(4), POISONED, 0, true, running -> 0.0025, 0);
        SimulatedServer server = SimulatedServer.limited(settings, seed)
                .runUntil(seconds(60))
                .resetCounts()
                .runUntil(seconds(120));
        assertThat(server.wasted()).isLessThan(0.02);
        assertThat(server.limit()).isBetween(SLOTS, 4 * SLOTS);
    }
}
