package dev.precept.runtime;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Watches whether the clock of the machine goes back. Kafka clients and Kafka Streams schedule commits, retries and
 * connections by the highest time that they have seen, so after a step back they do nothing for as long as the step. A new
 * process does not wait. Not thread-safe.
 */
public final class ClockWatch {
    /** A smaller step costs at most this time. */
    static final Duration TOLERANCE = Duration.ofSeconds(30);

    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private long highestOffset = Long.MIN_VALUE;

    public ClockWatch() {
        this(InstantSource.system(), System::nanoTime);
    }

    ClockWatch(InstantSource clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** The clock went back, so this process would wait. */
    public static final class SteppedBackException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SteppedBackException(Duration step) {
            super("the clock of this machine went back by " + step.toSeconds()
                    + " s, and Kafka clients would wait as long; start it again");
        }
    }

    /** To be polled at short intervals: a failure if the clock went back by more than 30 s since the first call. */
    public Optional<SteppedBackException> failure() {
        long offset = clock.millis() - nanoTime.getAsLong() / 1_000_000;
        highestOffset = Math.max(highestOffset, offset);
        Duration step = Duration.ofMillis(highestOffset - offset);
        return step.compareTo(TOLERANCE) > 0 ? Optional.of(new SteppedBackException(step)) : Optional.empty();
    }
}
