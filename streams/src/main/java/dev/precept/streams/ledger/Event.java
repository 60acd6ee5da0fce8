package dev.precept.streams.ledger;

import java.time.Instant;

/** Where an event stands in the log; the time is the record's own. */
public record Event<V>(V value, String topic, int partition, long offset, Instant time) {
    /** The same coordinates with another value. */
    public <W> Event<W> with(W other) {
        return new Event<>(other, topic, partition, offset, time);
    }
}
