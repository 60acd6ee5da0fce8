package dev.precept.model.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.model.resilience.PrefixServers.Result;
import dev.precept.model.resilience.PrefixServers.Settings;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls go to the server that has their excerpt, and no server waits for calls. Virtual time; the seed is printed. */
class PrefixRoutingSimulationTest {
    private static final int TOKENS = 7_000;
    private static final double OFF = 0;

    private final long seed = Long.getLong("seed", new SplittableRandom().nextLong());

    PrefixRoutingSimulationTest() {
        System.out.println("prefix routing simulation, seed " + seed);
    }

    private static double[] zipf(int excerpts) {
        double sum =
                IntStream.rangeClosed(1, excerpts).mapToDouble(i -> 1.0 / i).sum();
        return IntStream.rangeClosed(1, excerpts)
                .mapToDouble(i -> 1.0 / i / sum)
                .toArray();
    }

    /** One excerpt has 60 % of the traffic. */
    private static double[] hot(int excerpts) {
        double[] shares = new double[excerpts];
        Arrays.fill(shares, 0.4 / (excerpts - 1));
        shares[0] = 0.6;
        return shares;
    }

    private static double[] even(int excerpts) {
        double[] shares = new double[excerpts];
        Arrays.fill(shares, 1.0 / excerpts);
        return shares;
    }

    private static double[] traffic(String name) {
        return switch (name) {
            case "even" -> even(24);
            case "zipf" -> zipf(24);
            default -> hot(24);
        };
    }

    /** Each server keeps a little more than its share of the excerpts. */
    private static Settings settings(int servers, int concurrency, double[] excerpts, double tasksPerPermit) {
        int cache = (int) (TOKENS * 1.3 * excerpts.length / servers);
        return new Settings(
                servers, concurrency, Arrays.stream(excerpts).boxed().toList(), TOKENS, cache, 10_000, tasksPerPermit);
    }

    private Result run(Settings settings, double bound, double unused, int warm, int calls) {
        return new PrefixServers(settings, bound, unused, warm, seed).run(calls);
    }

    /** In short what {@link #theBoundsAreMeasured} prints. */
    @ParameterizedTest
    @ValueSource(strings = {"even", "zipf", "hot"})
    void moreIsCachedThanWithoutPreferencesAndNoServerWaitsForCalls(String traffic) {
        for (double tasksPerPermit : new double[] {0.6, 1.25}) {
            Settings settings = settings(4, 16, traffic(traffic), tasksPerPermit);
            Result off = run(settings, OFF, 1, 0, 3_000);
            Result on = run(settings, WaitingCalls.BOUND, WaitingCalls.UNUSED, WaitingCalls.WARM, 3_000);
            assertThat(on.cachedShare()).isGreaterThan(off.cachedShare() + 0.1);
            assertThat(on.utilisation()).isGreaterThan(off.utilisation() - 0.03);
            assertThat(on.answersPerSecond()).isGreaterThan(off.answersPerSecond() * 0.98);
            assertThat(on.imbalance()).isLessThan(1.4);
        }
    }

    /** One server is ten times slower, and many calls wait: its calls, and those of rare excerpts, get their turn. */
    @ParameterizedTest
    @ValueSource(strings = {"even", "zipf", "hot"})
    void noCallIsPassedByManyMoreThanWait(String traffic) {
        for (double slower : new double[] {1, 10}) {
            Settings settings = settings(2, 16, traffic(traffic), 10).withFirstSlower(slower);
            Result result = run(settings, WaitingCalls.BOUND, WaitingCalls.UNUSED, WaitingCalls.WARM, 6_000);
            assertThat(result.mostPassed()).isLessThan(9);
            assertThat(result.utilisation()).isGreaterThan(0.97);
        }
    }

    @Test
    @Tag("large")
    void theBoundsAreMeasured() {
        System.out.println("tasks/permit, servers, permits each, traffic, bound, unused, warm: cached, utilisation,"
                + " answers/s, busiest/mean");
        for (double tasks : new double[] {0.6, 1.25}) {
            for (int servers : new int[] {2, 4, 8}) {
                for (String traffic : new String[] {"even", "zipf", "hot"}) {
                    Settings settings = settings(servers, 16, traffic(traffic), tasks);
                    print(settings, traffic, OFF, 1, 0);
                    for (double bound : new double[] {1.1, 1.25, 1.5, 2}) {
                        print(settings, traffic, bound, WaitingCalls.UNUSED, WaitingCalls.WARM);
                    }
                    for (double unused : new double[] {1, 1.25}) {
                        print(settings, traffic, WaitingCalls.BOUND, unused, WaitingCalls.WARM);
                    }
                    for (int warm : new int[] {0, 8, 16}) {
                        print(settings, traffic, WaitingCalls.BOUND, WaitingCalls.UNUSED, warm);
                    }
                }
            }
        }
    }

    private void print(Settings settings, String traffic, double bound, double unused, int warm) {
        Result result = run(settings, bound, unused, warm, 5_000);
        System.out.printf(
                Locale.ROOT,
                "%.2f %d %d %s %.2f %.2f %d: %.3f %.3f %.1f %.2f%n",
                settings.tasksPerPermit(),
                settings.servers(),
                settings.concurrency(),
                traffic,
                bound,
                unused,
                warm,
                result.cachedShare(),
                result.utilisation(),
                result.answersPerSecond(),
                result.imbalance());
    }
}
