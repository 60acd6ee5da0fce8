package dev.precept.streams.ledger;

import dev.precept.schemas.Topic;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record that a step writes to a topic.
 *
 * @param partition null for a record that is partitioned by its key
 */
public record OutputRecord(
        Topic<?> topic,
        String key,
        SpecificRecord value,
        @Nullable Integer partition) {
    /** A record that is partitioned by its key. */
    public OutputRecord(Topic<?> topic, String key, SpecificRecord value) {
        this(topic, key, value, null);
    }
}
