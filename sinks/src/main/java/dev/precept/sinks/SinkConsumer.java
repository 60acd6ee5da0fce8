package dev.precept.sinks;

import dev.precept.kafka.KafkaAccess;
import dev.precept.runtime.Membership;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;

/** Creates the consumer of a sink. */
final class SinkConsumer {
    private static final int MAX_FETCH_BYTES = 32 << 20;
    private static final int MIN_PARTITION_FETCH_BYTES = 64 << 10;
    private static final int MAX_PARTITION_FETCH_BYTES = 4 << 20;
    private static final int TOPICS = 2;

    private SinkConsumer() {}

    static Consumer<String, byte[]> create(KafkaAccess kafka, Membership membership) {
        Map<String, Object> settings = membership.consumerSettings(SinkApp.ROLE);
        settings.put("group.id", kafka.namespace().group(SinkApp.ROLE));
        settings.put("partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
        // The consumer buffers up to one fetch per partition. Larger records are still fetched.
        settings.put(
                "max.partition.fetch.bytes",
                Math.clamp(
                        MAX_FETCH_BYTES / (TOPICS * kafka.partitions()),
                        MIN_PARTITION_FETCH_BYTES,
                        MAX_PARTITION_FETCH_BYTES));
        settings.put("fetch.max.bytes", MAX_FETCH_BYTES);
        return kafka.consumer(membership.name(SinkApp.ROLE), settings);
    }
}
