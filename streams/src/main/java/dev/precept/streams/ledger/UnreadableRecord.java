package dev.precept.streams.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An input record that cannot be decoded, or not with any step.
 *
 * @param sha256 of the bytes of its value
 * @param runId from the header of its publisher; null for a record of another program
 * @param cause what cannot be decoded, without any of the bytes
 */
public record UnreadableRecord(
        @Nullable String key,
        String sha256,
        @Nullable String runId,
        int partition,
        long offset,
        Instant time,
        String cause) {
    /** The record as an event without a value. */
    public Event<UnreadableRecord> event() {
        return new Event<>(this, partition, offset, time);
    }
}
