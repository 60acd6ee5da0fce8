package dev.precept.dataset.evidence;

import java.util.Arrays;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;

/** Percentile intervals of the bootstrap (Efron and Tibshirani, 1993). The random numbers have a fixed seed. */
final class Bootstrap {
    static final int SAMPLES = 2_000;
    static final long SEED = 20_250_117;

    private static final double TAIL = 0.025;
    /** With more samples for which the number is undefined there is no interval. */
    private static final int MOST_UNDEFINED = SAMPLES / 20;

    /** Above this variance the normal distribution is that of a number of successes. */
    private static final double NORMAL = 1_000;

    private Bootstrap() {}

    /** @param samples one number for each bootstrap sample; not a number where it is undefined. Sorted on return */
    static Estimate estimate(long n, double value, double[] samples) {
        Arrays.sort(samples); // the undefined ones are last
        int defined = samples.length;
        while (defined > 0 && Double.isNaN(samples[defined - 1])) {
            defined--;
        }
        if (defined == 0 || samples.length - defined > MOST_UNDEFINED) {
            return Estimate.of(n, value, Double.NaN, Double.NaN);
        }
        return Estimate.of(n, value, quantile(samples, defined, TAIL), quantile(samples, defined, 1 - TAIL));
    }

    /** @param resampled the number for the next bootstrap sample */
    static Estimate estimate(long n, double value, DoubleSupplier resampled) {
        if (n < Estimate.LEAST || Double.isNaN(value)) {
            return Estimate.none(n);
        }
        double[] samples = new double[SAMPLES];
        Arrays.setAll(samples, _ -> resampled.getAsDouble());
        return estimate(n, value, samples);
    }

    private static double quantile(double[] sorted, int size, double share) {
        return sorted[Math.min(size - 1, (int) (share * size))];
    }

    /** How many of a number of trials succeed. Its time depends on the variance, at most. */
    static long binomial(long trials, double chance, RandomGenerator random) {
        if (chance > 0.5) {
            return trials - binomial(trials, 1 - chance, random);
        }
        double variance = trials * chance * (1 - chance);
        if (variance > NORMAL) {
            double drawn = trials * chance + random.nextGaussian() * Math.sqrt(variance);
            return Math.clamp(Math.round(drawn), 0L, trials);
        }
        if (chance <= 0) {
            return 0;
        }
        long successes = -1;
        for (double trial = 0; trial <= trials; successes++) { // the trials until the next success are geometric
            trial += Math.floor(Math.log1p(-random.nextDouble()) / Math.log1p(-chance)) + 1;
        }
        return successes;
    }
}
