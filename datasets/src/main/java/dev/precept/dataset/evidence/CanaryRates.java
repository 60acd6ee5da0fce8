package dev.precept.dataset.evidence;

import dev.precept.records.CanaryExpectation;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * What judges did with answers of known quality, and what follows for the candidates that they kept. Undecided canaries count
 * nowhere.
 *
 * <p>The corrected share of bad candidates is that of W. J. Rogan and B. Gladen, "Estimating prevalence from the results of a
 * screening test", American Journal of Epidemiology 107, 1978. It assumes that canaries are as hard to judge as candidates.
 *
 * @param bad the known-bad canaries
 * @param good the known-good canaries
 */
public record CanaryRates(List<Outcomes> bad, List<Outcomes> good) {
    public CanaryRates {
        bad = List.copyOf(bad);
        good = List.copyOf(good);
    }

    /** The outcomes of canaries over several runs; those of one id and expectation are one canary. */
    public static CanaryRates of(Collection<RunEvidence> runs) {
        return new CanaryRates(outcomes(runs, CanaryExpectation.TURN_AWAY), outcomes(runs, CanaryExpectation.KEEP));
    }

    private static List<Outcomes> outcomes(Collection<RunEvidence> runs, CanaryExpectation expected) {
        Map<String, Outcomes> byId = new TreeMap<>();
        for (RunEvidence run : runs) {
            for (RunEvidence.Canary canary : run.canaries()) {
                if (canary.expected() == expected) {
                    byId.merge(canary.id(), new Outcomes(canary.kept(), canary.turnedAway()), Outcomes::plus);
                }
            }
        }
        return List.copyOf(byId.values());
    }

    /** How often one canary was kept and turned away. */
    public record Outcomes(long kept, long turnedAway) {
        long decided() {
            return kept + turnedAway;
        }

        private Outcomes plus(Outcomes other) {
            return new Outcomes(kept + other.kept, turnedAway + other.turnedAway);
        }

        /** Each time again at random, with the same chance: how often it is turned away. */
        private long redraw(RandomGenerator random) {
            return turnedAway == 0 || kept == 0
                    ? turnedAway
                    : Bootstrap.binomial(decided(), (double) turnedAway / decided(), random);
        }
    }

    /**
     * The candidates that judges decided on.
     *
     * @param judged those with a decision of the judges
     * @param turnedAway those of them with a vote below the threshold
     */
    public record Candidates(long judged, long turnedAway) {
        private double rate() {
            return (double) turnedAway / judged;
        }
    }

    /**
     * @param bad share of the judged candidates that are bad
     * @param badAmongKept share of the kept ones that are bad
     */
    public record Corrected(Estimate bad, Estimate badAmongKept) {}

    /** The share of known-bad canaries that were turned away. */
    public Estimate sensitivity() {
        return rate(bad, false);
    }

    /** The share of known-good canaries that were kept. */
    public Estimate specificity() {
        return rate(good, true);
    }

    private static Estimate rate(List<Outcomes> canaries, boolean kept) {
        RandomGenerator random = new SplittableRandom(Bootstrap.SEED);
        return Bootstrap.estimate(decided(canaries), share(canaries, kept), () -> resampled(canaries, kept, random));
    }

    /**
     * The share of bad candidates, corrected for the errors of the judges. Both shares are at least 0 and at most 1.
     *
     * @return no numbers with too few canaries of one kind or candidates, and if the judges turn away bad canaries no more
     *     often than good ones, or keep no candidate
     */
    public Corrected corrected(Candidates candidates) {
        long n = Math.min(Math.min(decided(bad), decided(good)), candidates.judged());
        if (n < Estimate.LEAST) {
            return new Corrected(Estimate.none(n), Estimate.none(n));
        }
        double turnedAway = candidates.rate();
        RandomGenerator random = new SplittableRandom(Bootstrap.SEED);
        double[] badShares = new double[Bootstrap.SAMPLES];
        double[] keptShares = new double[Bootstrap.SAMPLES];
        for (int sample = 0; sample < Bootstrap.SAMPLES; sample++) {
            double sensitivity = resampled(bad, false, random);
            double specificity = resampled(good, true, random);
            double rate = (double) Bootstrap.binomial(candidates.judged(), turnedAway, random) / candidates.judged();
            badShares[sample] = badShare(sensitivity, specificity, rate);
            keptShares[sample] = badAmongKept(sensitivity, specificity, rate);
        }
        double sensitivity = share(bad, false);
        double specificity = share(good, true);
        return new Corrected(
                Bootstrap.estimate(n, badShare(sensitivity, specificity, turnedAway), badShares),
                Bootstrap.estimate(n, badAmongKept(sensitivity, specificity, turnedAway), keptShares));
    }

    /** π = (r + Sp − 1) / (Se + Sp − 1), within 0 and 1. */
    static double badShare(double sensitivity, double specificity, double turnedAway) {
        double informedness = sensitivity + specificity - 1;
        return informedness <= 0 ? Double.NaN : clipped((turnedAway + specificity - 1) / informedness);
    }

    /** (1 − Se) · π / (1 − r), within 0 and 1. */
    static double badAmongKept(double sensitivity, double specificity, double turnedAway) {
        return turnedAway >= 1
                ? Double.NaN
                : clipped((1 - sensitivity) * badShare(sensitivity, specificity, turnedAway) / (1 - turnedAway));
    }

    private static double clipped(double share) {
        return Double.isNaN(share) ? share : Math.clamp(share, 0.0, 1.0);
    }

    private static long decided(Collection<Outcomes> canaries) {
        return canaries.stream().mapToLong(Outcomes::decided).sum();
    }

    private static double share(List<Outcomes> canaries, boolean kept) {
        long chosen = canaries.stream()
                .mapToLong(canary -> kept ? canary.kept() : canary.turnedAway())
                .sum();
        long decided = decided(canaries);
        return decided == 0 ? Double.NaN : (double) chosen / decided;
    }

    /**
     * A share of bootstrap canaries. One canary is judged many times, so that its outcomes are alike: canaries are drawn
     * first, then their outcomes.
     */
    private static double resampled(List<Outcomes> canaries, boolean kept, RandomGenerator random) {
        long turnedAway = 0;
        long decided = 0;
        for (int draw = 0; draw < canaries.size(); draw++) {
            Outcomes drawn = canaries.get(random.nextInt(canaries.size()));
            turnedAway += drawn.redraw(random);
            decided += drawn.decided();
        }
        return decided == 0 ? Double.NaN : (double) (kept ? decided - turnedAway : turnedAway) / decided;
    }
}
