package dev.precept.dataset.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.records.Usage;
import dev.precept.records.Vote;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Two judges of two models: {@code lenient} gives two points more than a candidate deserves, at most 10; {@code erratic} gives
 * what it deserves, or for a planted share any grade. The right values are computed by enumeration of all grades that a
 * candidate can deserve and get; no formula of the estimators takes part.
 */
final class JudgeQualitySimulationTest {
    private static final long SEED = 17;
    private static final int CANDIDATES = 2_000;
    private static final int CANARIES = 150;
    private static final int THRESHOLD = 8;
    private static final int GRADES = 11;
    private static final double BAD = 0.3;
    private static final double RANDOM = 0.4;
    private static final int LENIENCE = 2;

    /** Bad candidates deserve 3 to 7, good ones 8 to 10, each grade as often. */
    private static int deserved(boolean bad, SplittableRandom random) {
        return bad ? 3 + random.nextInt(5) : 8 + random.nextInt(3);
    }

    private static int lenient(int deserved) {
        return Math.min(GRADES - 1, deserved + LENIENCE);
    }

    private static List<Vote> votes(boolean bad, SplittableRandom random) {
        int deserved = deserved(bad, random);
        int erratic = random.nextDouble() < RANDOM ? random.nextInt(GRADES) : deserved;
        return List.of(vote(1, "lenient", lenient(deserved)), vote(2, "erratic", erratic));
    }

    static Vote vote(int number, String model, double score) {
        return Vote.newBuilder()
                .setVote(number)
                .setCalls(1)
                .setScore(score)
                .setCriteria(Map.of())
                .setReason("")
                .setModel(model)
                .setEndpoint("")
                .setTemplate("")
                .setSeed(1)
                .setUsage(new Usage(0L, 0L, 0L, 0L))
                .build();
    }

    private static boolean kept(List<Vote> votes) {
        return votes.stream().allMatch(vote -> vote.getScore() >= THRESHOLD);
    }

    /** The values that a dataset without end would have. */
    private record Planted(double alpha, double ac2, double lenientBias, double sensitivity, double badAmongKept) {
        static Planted enumerate() {
            double[][] joint = new double[GRADES][GRADES];
            double keptBad = 0;
            double kept = 0;
            for (int deserved = 3; deserved < GRADES; deserved++) {
                boolean bad = deserved < THRESHOLD;
                double chance = bad ? BAD / 5 : (1 - BAD) / 3;
                for (int erratic = 0; erratic < GRADES; erratic++) {
                    double of = chance * (RANDOM / GRADES + (erratic == deserved ? 1 - RANDOM : 0));
                    int lenient = lenient(deserved);
                    joint[lenient][erratic] += of;
                    if (lenient >= THRESHOLD && erratic >= THRESHOLD) {
                        kept += of;
                        keptBad += bad ? of : 0;
                    }
                }
            }
            double[] share = new double[GRADES];
            double difference = 0;
            double square = 0;
            double agreed = 0;
            for (int l = 0; l < GRADES; l++) {
                for (int e = 0; e < GRADES; e++) {
                    share[l] += joint[l][e] / 2;
                    share[e] += joint[l][e] / 2;
                    difference += joint[l][e] * (l - e);
                    square += joint[l][e] * (l - e) * (l - e);
                    agreed += joint[l][e] * (1 - (l - e) * (l - e) / 100.0);
                }
            }
            double byChance = 0;
            double weights = 0;
            double spread = 0;
            for (int one = 0; one < GRADES; one++) {
                spread += share[one] * (1 - share[one]);
                for (int other = 0; other < GRADES; other++) {
                    byChance += share[one] * share[other] * (one - other) * (one - other);
                    weights += 1 - (one - other) * (one - other) / 100.0;
                }
            }
            double expected = weights / (GRADES * (GRADES - 1)) * spread;
            return new Planted(
                    1 - square / byChance,
                    (agreed - expected) / (1 - expected),
                    difference,
                    1 - keptBad / BAD,
                    keptBad / kept);
        }
    }

    private record Measured(JudgeAgreement.Agreement agreement, Estimate sensitivity, CanaryRates.Corrected corrected) {
        static Measured simulate(long seed, int candidates) {
            SplittableRandom random = new SplittableRandom(seed);
            JudgeAgreement agreement = new JudgeAgreement();
            long away = 0;
            for (int candidate = 0; candidate < candidates; candidate++) {
                List<Vote> votes = votes(random.nextDouble() < BAD, random);
                agreement.add("candidate-" + candidate, votes);
                away += kept(votes) ? 0 : 1;
            }
            CanaryRates canaries = new CanaryRates(canaries(true, random), canaries(false, random));
            return new Measured(
                    agreement.agreement(),
                    canaries.sensitivity(),
                    canaries.corrected(new CanaryRates.Candidates(candidates, away)));
        }

        private static List<CanaryRates.Outcomes> canaries(boolean bad, SplittableRandom random) {
            List<CanaryRates.Outcomes> outcomes = new ArrayList<>();
            for (int canary = 0; canary < CANARIES; canary++) {
                outcomes.add(
                        kept(votes(bad, random)) ? new CanaryRates.Outcomes(1, 0) : new CanaryRates.Outcomes(0, 1));
            }
            return outcomes;
        }
    }

    private static boolean holds(Estimate estimate, double planted) {
        return Objects.requireNonNull(estimate.low()) <= planted && planted <= Objects.requireNonNull(estimate.high());
    }

    private static Estimate bias(Measured measured, String judge) {
        return Objects.requireNonNull(measured.agreement().bias().get(judge));
    }

    @Test
    void whatWasPlantedIsWithinTheIntervals() {
        Planted planted = Planted.enumerate();
        Measured measured = Measured.simulate(SEED, CANDIDATES);
        String as = "seed " + SEED + ": planted " + planted + ", measured " + measured;
        assertThat(holds(measured.agreement().alpha(), planted.alpha())).as(as).isTrue();
        assertThat(holds(measured.agreement().ac2(), planted.ac2())).as(as).isTrue();
        assertThat(holds(bias(measured, "lenient"), planted.lenientBias()))
                .as(as)
                .isTrue();
        assertThat(holds(bias(measured, "erratic"), -planted.lenientBias()))
                .as(as)
                .isTrue();
        assertThat(holds(measured.sensitivity(), planted.sensitivity())).as(as).isTrue();
        assertThat(holds(measured.corrected().bad(), BAD)).as(as).isTrue();
        assertThat(holds(measured.corrected().badAmongKept(), planted.badAmongKept()))
                .as(as)
                .isTrue();
        assertThat(measured.agreement().alpha().n()).isEqualTo(CANDIDATES);
    }

    /** An interval that always holds the value is of no use, and one that often does not is wrong. */
    @Test
    void theIntervalsHoldTheValueAboutAsOftenAsTheySay() {
        Planted planted = Planted.enumerate();
        int rounds = 20;
        int alpha = 0;
        int bias = 0;
        int badAmongKept = 0;
        for (int round = 1; round <= rounds; round++) {
            Measured measured = Measured.simulate(SEED + round, 300);
            alpha += holds(measured.agreement().alpha(), planted.alpha()) ? 1 : 0;
            bias += holds(bias(measured, "lenient"), planted.lenientBias()) ? 1 : 0;
            badAmongKept += holds(measured.corrected().badAmongKept(), planted.badAmongKept()) ? 1 : 0;
        }
        String as = "seed " + SEED + ": of " + rounds + " intervals " + alpha + ", " + bias + " and " + badAmongKept;
        assertThat(List.of(alpha, bias, badAmongKept)).as(as).allMatch(held -> held >= rounds * 0.85);
    }

    @Test
    void theOrderOfCandidatesChangesNothing() {
        SplittableRandom random = new SplittableRandom(SEED);
        List<List<Vote>> all = new ArrayList<>();
        for (int candidate = 0; candidate < 500; candidate++) {
            all.add(votes(random.nextBoolean(), random));
        }
        List<Integer> order = new ArrayList<>();
        for (int candidate = 0; candidate < all.size(); candidate++) {
            order.add(candidate);
        }
        JudgeAgreement one = new JudgeAgreement();
        order.forEach(candidate -> one.add("c" + candidate, all.get(candidate)));
        Collections.reverse(order);
        JudgeAgreement other = new JudgeAgreement();
        order.forEach(candidate -> other.add("c" + candidate, all.get(candidate)));
        assertThat(other.agreement()).isEqualTo(one.agreement());
    }

    @Test
    void belowThirtyThereIsNoNumber() {
        JudgeAgreement agreement = new JudgeAgreement();
        for (int candidate = 0; candidate < 29; candidate++) {
            agreement.add("c" + candidate, List.of(vote(1, "a", candidate % 10), vote(2, "b", candidate % 7)));
        }
        agreement.add("one vote", List.of(vote(1, "a", 5)));
        agreement.add("none", List.of());
        assertThat(agreement.agreement().alpha()).isEqualTo(new Estimate(29, null, null, null));
        assertThat(agreement.agreement().ac2().isTooFew()).isTrue();
        assertThat(agreement.agreement().bias()).containsOnlyKeys("a", "b");
        agreement.add("the thirtieth", List.of(vote(1, "a", 5), vote(2, "b", 6)));
        assertThat(agreement.agreement().alpha().value()).isNotNull();
        assertThat(bias(new Measured(agreement.agreement(), Estimate.none(0), noCanaries()), "a")
                        .n())
                .isEqualTo(30);
    }

    private static CanaryRates.Corrected noCanaries() {
        return new CanaryRates(List.of(), List.of()).corrected(new CanaryRates.Candidates(100, 10));
    }

    @Test
    void withoutEnoughCanariesOfBothKindsNothingIsCorrected() {
        CanaryRates few =
                new CanaryRates(List.of(new CanaryRates.Outcomes(2, 27)), List.of(new CanaryRates.Outcomes(500, 20)));
        assertThat(few.sensitivity()).isEqualTo(new Estimate(29, null, null, null));
        assertThat(few.specificity().value()).isEqualTo(0.961538);
        assertThat(few.corrected(new CanaryRates.Candidates(1_000, 300))
                        .badAmongKept()
                        .isTooFew())
                .isTrue();
        assertThat(noCanaries().badAmongKept().isTooFew()).isTrue();
    }

    @Test
    void judgesThatCannotTellBadFromGoodCorrectNothing() {
        CanaryRates blind =
                new CanaryRates(List.of(new CanaryRates.Outcomes(50, 50)), List.of(new CanaryRates.Outcomes(50, 50)));
        Estimate kept = blind.corrected(new CanaryRates.Candidates(1_000, 500)).badAmongKept();
        assertThat(kept.value()).isNull();
        assertThat(kept.isTooFew()).isFalse();
    }

    @Test
    void oneJudgeHasNoBias() {
        JudgeAgreement agreement = new JudgeAgreement();
        for (int candidate = 0; candidate < 40; candidate++) {
            agreement.add("c" + candidate, List.of(vote(1, "a", candidate % 10), vote(2, "a", candidate % 9)));
        }
        assertThat(agreement.agreement().bias()).isEmpty();
        assertThat(agreement.agreement().alpha().value()).isNotNull();
    }

    /** The same number of trials gives the same distribution by both ways of drawing it. */
    @Test
    void binomialNumbersHaveTheirMeanAndVariance() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (double chance : new double[] {0.001, 0.02, 0.4, 0.97}) {
            for (long trials : new long[] {40, 1_000, 1_000_000}) {
                double sum = 0;
                double squares = 0;
                int draws = 2_000;
                for (int draw = 0; draw < draws; draw++) {
                    double drawn = Bootstrap.binomial(trials, chance, random);
                    sum += drawn;
                    squares += drawn * drawn;
                }
                double mean = trials * chance;
                double variance = mean * (1 - chance);
                String as = "seed " + SEED + ", " + trials + " of " + chance;
                assertThat(Math.abs(sum / draws - mean)).as(as).isLessThan(5 * Math.sqrt(variance / draws));
                assertThat(squares / draws - sum / draws * sum / draws)
                        .as(as)
                        .isBetween(0.7 * variance, 1.3 * variance + 0.02);
            }
        }
    }
}
