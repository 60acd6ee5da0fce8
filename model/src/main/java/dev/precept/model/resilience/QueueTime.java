package dev.precept.model.resilience;

import java.util.Optional;

/**
 * Estimates the time that calls spend in the server's queue, as the intercept of a least-squares line of call time over
 * completion tokens: generating costs time per token, queueing does not. The line follows a server whose tokens get
 * slower in larger batches, and answers of any length. Not thread-safe.
 */
final class QueueTime {
    /** Needed for a slope: samples times the squared coefficient of variation of the tokens. */
    private static final double LEAST_SPREAD = 4;
    /** A call that is later than the last line by more than this many mean call times is an outlier, not a queue. */
    private static final double LARGEST_RESIDUAL = 3;

    private Optional<Line> last = Optional.empty();
    private int samples;
    private double tokens;
    private double seconds;
    private double tokensSquared;
    private double secondsSquared;
    private double product;

    /**
     * The line through the samples.
     *
     * @param queueSeconds time that does not depend on the tokens, from 0
     * @param deviation standard error of {@code queueSeconds}
     * @param callSeconds mean time of a call
     */
    record Line(double queueSeconds, double deviation, double secondsPerToken, double callSeconds) {
        private double at(double completionTokens) {
            return queueSeconds + secondsPerToken * completionTokens;
        }
    }

    void add(long completionTokens, double callSeconds) {
        double x = completionTokens;
        double y = last.map(line -> Math.min(callSeconds, line.at(x) + LARGEST_RESIDUAL * line.callSeconds()))
                .orElse(callSeconds);
        samples++;
        tokens += x;
        seconds += y;
        tokensSquared += x * x;
        secondsSquared += y * y;
        product += x * y;
    }

    int samples() {
        return samples;
    }

    double meanSeconds() {
        return samples == 0 ? 0 : seconds / samples;
    }

    /** Whether the tokens vary enough for a line. */
    boolean isSpread() {
        return samples > 2 && tokens > 0 && spread() * samples >= LEAST_SPREAD * square(tokens / samples);
    }

    /** The line through the samples since {@link #clear}; empty if the tokens vary too little. */
    Optional<Line> line() {
        if (!isSpread()) {
            return Optional.empty();
        }
        double meanTokens = tokens / samples;
        double mean = seconds / samples;
        double slope = Math.max(0, (product / samples - meanTokens * mean) / spread());
        double variance = secondsSquared / samples - mean * mean - slope * slope * spread();
        double deviation = Math.sqrt(Math.max(0, variance) / (samples - 2) * (1 + square(meanTokens) / spread()));
        return Optional.of(new Line(Math.max(0, mean - slope * meanTokens), deviation, slope, mean));
    }

    /** Forgets the samples and keeps their line for outliers. */
    void clear() {
        last = line().or(() -> last);
        samples = 0;
        tokens = 0;
        seconds = 0;
        tokensSquared = 0;
        secondsSquared = 0;
        product = 0;
    }

    private double spread() {
        return tokensSquared / samples - square(tokens / samples);
    }

    private static double square(double value) {
        return value * value;
    }
}
