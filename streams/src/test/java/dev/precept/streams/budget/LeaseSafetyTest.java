package dev.precept.streams.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.Budget;
import dev.precept.records.Lease;
import dev.precept.records.Spend;
import dev.precept.schemas.Amount;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Workers, the keeper and the two topics between them, in virtual time and any order: reports and leases arrive late,
 * workers and keepers are killed. Never is more spent than the budget, and in the end no call fits any more. With kills each
 * call costs the same part of its highest price, so that the estimate of what was in flight has no error.
 */
class LeaseSafetyTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int STEPS = 200_000;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theBudgetIsNeverExceededAndIsUsedUp(long seed) {
        Simulation simulation = new Simulation(new Random(seed), 0);
        requireSafe(seed, simulation);
        assertThat(simulation.workers)
                .as("seed %d: no call fits into what is left", seed)
                .noneMatch(worker -> worker.price().fitsInto(simulation.total.minus(simulation.reallySpent())));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
    void killsDoNotMakeItExceeded(long seed) {
        Simulation simulation = new Simulation(new Random(seed), 20);
        requireSafe(seed, simulation);
        assertThat(simulation.kills).as("seed %d: kills left", seed).isLessThan(20);
    }

    private static void requireSafe(long seed, Simulation simulation) {
        int step = 0;
        while (step < STEPS && !simulation.isExhausted()) {
            simulation.step();
            assertThat(simulation.reallySpent().fitsInto(simulation.total))
                    .as("seed %d, step %d: %s of %s", seed, step, simulation.reallySpent(), simulation.total)
                    .isTrue();
            step++;
        }
        assertThat(simulation.isExhausted())
                .as("seed %d: all are refused", seed)
                .isTrue();
        assertThat(simulation.calls()).as("seed %d", seed).isPositive();
    }

    private static final class Simulation {
        private final Random random;
        private final Budget budget;
        private final Amount total;
        private final List<SimulatedWorker> workers = new ArrayList<>();
        private final Map<String, Spend> spend = new LinkedHashMap<>();
        private final Map<String, Lease> leases = new LinkedHashMap<>();
        private final Deque<Map.Entry<String, Spend>> reportsOnTheWay = new ArrayDeque<>();
        private final Map<String, Deque<Lease>> leasesOnTheWay = new LinkedHashMap<>();
        private RunLeases keeper = new RunLeases("run");
        private long now;
        private int kills;

        Simulation(Random random, int kills) {
            this.random = random;
            this.kills = kills;
            double part = kills == 0 ? 0 : 0.2 + 0.6 * random.nextDouble();
            boolean dollars = random.nextBoolean();
            boolean tokens = !dollars || random.nextBoolean();
            budget = new Budget(dollars ? 1.0 : null, tokens ? 200_000L : null, false);
            total = Amount.of(budget);
            int count = 1 + random.nextInt(12);
            for (int i = 0; i < count; i++) {
                long price = 100L + random.nextInt(5_000);
                Amount highest = new Amount(price * 5e-6, price).within(budget);
                workers.add(new SimulatedWorker("g-" + i, highest, part, 1 + random.nextInt(16), random));
            }
        }

        void step() {
            now += random.nextInt(20) * SECOND / 1_000;
            SimulatedWorker worker = workers.get(random.nextInt(workers.size()));
            switch (random.nextInt(10)) {
                case 0, 1 -> worker.startCalls();
                case 2, 3 -> worker.endCall();
                case 4, 5 -> report(worker);
                case 6, 7 -> deliver(worker);
                case 8 -> keep();
                default -> {
                    if (kills > 0 && random.nextInt(10) == 0) {
                        kills--;
                        worker.kill();
                    } else if (random.nextInt(500) == 0) {
                        takeOver();
                    }
                }
            }
        }

        private void report(SimulatedWorker worker) {
            reportsOnTheWay.add(Map.entry(worker.key(), worker.report()));
        }

        private void deliver(SimulatedWorker worker) {
            Deque<Lease> coming = leasesOnTheWay.getOrDefault(worker.key(), new ArrayDeque<>());
            if (!coming.isEmpty()) {
                worker.read(coming.remove());
            }
        }

        private void keep() {
            for (int i = random.nextInt(4); i >= 0 && !reportsOnTheWay.isEmpty(); i--) {
                Map.Entry<String, Spend> report = reportsOnTheWay.remove();
                spend.remove(report.getKey());
                spend.put(report.getKey(), report.getValue());
                keeper.onReport(report.getKey(), report.getValue(), now);
            }
            keeper.allocate(budget, now).forEach((key, lease) -> {
                leases.put(key, lease);
                leasesOnTheWay.computeIfAbsent(key, _ -> new ArrayDeque<>()).add(lease);
            });
        }

        /** Another keeper reads the topics from their beginning. */
        private void takeOver() {
            keeper = new RunLeases("run");
            spend.forEach((key, report) -> keeper.onReport(key, report, now));
            leases.forEach(keeper::onLease);
        }

        Amount reallySpent() {
            return workers.stream()
                    .map(SimulatedWorker::reallySpent)
                    .reduce(Amount.ZERO, Amount::plus)
                    .within(budget);
        }

        boolean isExhausted() {
            return workers.stream().allMatch(worker -> worker.isRefused() && worker.isIdle());
        }

        int calls() {
            return workers.stream().mapToInt(SimulatedWorker::calls).sum();
        }
    }
}
