package dev.precept.consumer;

import java.time.Duration;

/**
 * The limits of a {@link ConcurrentConsumer}.
 *
 * @param maxInFlight records handled at once
 * @param maxParked parked records at which no further record is started; the partitions are paused until there are fewer
 * @param maxBytes limit of the bytes of the parked records, and of those that are polled and not started
 * @param handover time to finish the records of revoked partitions; the rebalance waits for it, so it must be shorter than
 *     {@code max.poll.interval.ms}
 * @param drain time to finish records after a stop
 */
public record ConsumerLimits(int maxInFlight, int maxParked, long maxBytes, Duration handover, Duration drain) {
    private static final int MIN_PARKED = 1_024;
    private static final int PARKED_FOR_EACH_PERMIT = 4;
    private static final long MAX_BYTES = 32L << 20;

    public ConsumerLimits {
        if (maxInFlight < 1 || maxParked < 0 || maxBytes < 1) {
            throw new IllegalArgumentException("the limits must be positive: " + maxInFlight + " in flight, "
                    + maxParked + " parked, " + maxBytes + " bytes");
        }
    }

    /** Limits with the default number of parked records: 4 for each record in flight, 1,024 at least, 32 MiB at most. */
    public static ConsumerLimits of(int maxInFlight, Duration handover, Duration drain) {
        return new ConsumerLimits(
                maxInFlight, Math.max(MIN_PARKED, PARKED_FOR_EACH_PERMIT * maxInFlight), MAX_BYTES, handover, drain);
    }

    /** Records that are polled ahead: a handover blocks the polls, and the other partitions continue from these. */
    int maxQueued() {
        return Math.max(64, maxInFlight);
    }
}
