package dev.precept.benchmarks.server;

import java.time.Duration;
import java.util.SplittableRandom;

/** Latency of a call, a function of the call's number only, so that every client measures the same server. */
public sealed interface Latency {
    /** @param call number in order of arrival, from 1 */
    Duration of(long call);

    Duration mean();

    /**
     * Parses {@code constant:<milliseconds>}, {@code spread:<milliseconds>} or {@code tail}.
     *
     * @throws IllegalArgumentException for any other text
     */
    static Latency parse(String text) {
        if (text.equals("tail")) {
            return new Tail();
        }
        String[] parts = text.split(":", 2);
        if (parts.length == 2 && parts[1].matches("[1-9][0-9]{0,6}")) {
            Duration mean = Duration.ofMillis(Long.parseLong(parts[1]));
            if (parts[0].equals("constant")) {
                return new Constant(mean);
            }
            if (parts[0].equals("spread")) {
                return new Spread(mean);
            }
        }
        throw new IllegalArgumentException(
                "latency '" + text + "': allowed are constant:<milliseconds>, spread:<milliseconds> and tail");
    }

    /** Log-normal, as the lengths of answers are, and at most three times the mean. */
    record Spread(Duration mean) implements Latency {
        private static final double SIGMA = 0.5;
        private static final double LONGEST = 3;

        @Override
        public Duration of(long call) {
            double factor = Math.exp(SIGMA * new SplittableRandom(call).nextGaussian() - SIGMA * SIGMA / 2);
            return Duration.ofNanos(Math.round(mean.toNanos() * Math.min(factor, LONGEST)));
        }

        @Override
        public String toString() {
            return "spread:" + mean.toMillis();
        }
    }

    /** Every call takes the same time. */
    record Constant(Duration each) implements Latency {
        @Override
        public Duration of(long call) {
            return each;
        }

        @Override
        public Duration mean() {
            return each;
        }

        @Override
        public String toString() {
            return "constant:" + each.toMillis();
        }
    }

    /** One call in a hundred takes 20 s; the others are log-normal around a median of 1 s. */
    record Tail() implements Latency {
        private static final double SLOW_SHARE = 0.01;
        private static final double SLOW_SECONDS = 20;
        private static final double SIGMA = 0.5;

        @Override
        public Duration of(long call) {
            SplittableRandom random = new SplittableRandom(call);
            double seconds = random.nextDouble() < SLOW_SHARE ? SLOW_SECONDS : Math.exp(SIGMA * random.nextGaussian());
            return seconds(Math.min(seconds, SLOW_SECONDS));
        }

        @Override
        public Duration mean() {
            return seconds(SLOW_SHARE * SLOW_SECONDS + (1 - SLOW_SHARE) * Math.exp(SIGMA * SIGMA / 2));
        }

        private static Duration seconds(double seconds) {
            return Duration.ofNanos(Math.round(seconds * 1e9));
        }

        @Override
        public String toString() {
            return "tail";
        }
    }
}
