package dev.precept.dataset.evidence;

import org.jspecify.annotations.Nullable;

/**
 * A number that was estimated from a sample, with its 95 % interval.
 *
 * @param n independent observations that the number rests on
 * @param value rounded to six decimals; null below {@value #LEAST} observations, or if it is undefined for these
 * @param low 2.5 % quantile of the bootstrap; null if the value is, or if it is undefined for many of its samples
 * @param high 97.5 % quantile; null as {@code low}
 */
public record Estimate(
        long n,
        @Nullable Double value,
        @Nullable Double low,
        @Nullable Double high) {
    /** Fewer observations give no number. */
    public static final int LEAST = 30;

    private static final double DECIMALS = 1e6;

    /** No number: too few observations, or it is undefined for them. */
    static Estimate none(long n) {
        return new Estimate(n, null, null, null);
    }

    /** @param value not a number if it is undefined; so are the limits */
    static Estimate of(long n, double value, double low, double high) {
        return n < LEAST || Double.isNaN(value)
                ? none(n)
                : new Estimate(n, rounded(value), nullable(low, high, low), nullable(low, high, high));
    }

    /** Whether there are too few observations for a number. */
    public boolean isTooFew() {
        return n < LEAST;
    }

    private static @Nullable Double nullable(double low, double high, double limit) {
        return Double.isNaN(low) || Double.isNaN(high) ? null : rounded(limit);
    }

    /** Sums of the same numbers in another order differ in their last digits; these do not show. */
    private static double rounded(double value) {
        return Math.rint(value * DECIMALS) / DECIMALS + 0.0;
    }
}
