package dev.precept.evaluation.result;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * A mean with the percentile interval of the bootstrap (Efron and Tibshirani, 1993): 95 %, 2,000 samples, a fixed seed. With
 * few values, or values that are all equal, it is narrower than what is not known.
 *
 * @param n independent values: rows, or questions of which each was asked several times
 * @param value the mean; not a number if there is none
 */
public record Interval(int n, double value, double low, double high) {
    private static final int SAMPLES = 2_000;
    private static final long SEED = 20_250_117;
    private static final double TAIL = 0.025;

    public static Interval ofMean(double[] values) {
        double value = Arrays.stream(values).sum() / values.length;
        if (values.length == 0) {
            return new Interval(0, Double.NaN, Double.NaN, Double.NaN);
        }
        RandomGenerator random = new SplittableRandom(SEED);
        double[] means = new double[SAMPLES];
        for (int sample = 0; sample < SAMPLES; sample++) {
            double sum = 0;
            for (int i = 0; i < values.length; i++) {
                sum += values[random.nextInt(values.length)];
            }
            means[sample] = sum / values.length;
        }
        Arrays.sort(means);
        return new Interval(values.length, value, quantile(means, TAIL), quantile(means, 1 - TAIL));
    }

    private static double quantile(double[] sorted, double share) {
        return sorted[Math.min(sorted.length - 1, (int) (share * sorted.length))];
    }

    public boolean isDefined() {
        return n > 0;
    }

    /** Low and high. */
    public ArrayNode toJson() {
        return JsonNodeFactory.instance.arrayNode().add(low).add(high);
    }
}
