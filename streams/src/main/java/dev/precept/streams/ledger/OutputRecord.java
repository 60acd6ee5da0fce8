package dev.precept.streams.ledger;

import dev.precept.records.PartitionComplete;
import dev.precept.records.RejectionEvent;
import dev.precept.records.SampleEvent;
import dev.precept.schemas.Topic;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** A record that a step puts on a topic. */
public record OutputRecord(Topic<?> topic, String key, SpecificRecord value) {
    /** The partition a record belongs to whatever its key: the marker of a partition stays on it. */
    public static @Nullable Integer fixedPartition(SpecificRecord value) {
        Object body = switch (value) {
            case SampleEvent event -> event.getBody();
            case RejectionEvent event -> event.getBody();
            default -> value;
        };
        return body instanceof PartitionComplete marker ? marker.getPartition() : null;
    }
}
