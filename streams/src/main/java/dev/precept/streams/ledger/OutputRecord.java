package dev.precept.streams.ledger;

import dev.precept.records.PartitionComplete;
import dev.precept.records.RejectionEvent;
import dev.precept.records.SampleEvent;
import dev.precept.schemas.Topic;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** A record that a step writes to a topic. */
public record OutputRecord(Topic<?> topic, String key, SpecificRecord value) {
    /** The partition of a completion marker, which stays on its own; null for a record that is partitioned by its key. */
    public static @Nullable Integer fixedPartition(SpecificRecord value) {
        Object body = switch (value) {
            case SampleEvent event -> event.getBody();
            case RejectionEvent event -> event.getBody();
            default -> value;
        };
        return body instanceof PartitionComplete marker ? marker.getPartition() : null;
    }
}
