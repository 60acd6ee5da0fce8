package dev.precept.sinks;

import dev.precept.kafka.KafkaAccess;
import dev.precept.runtime.Membership;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;

/** The consumer of one sink of several. */
final class SinkConsumer {
    private static final int FETCHED_BYTES = 32 << 20;
    private static final int LEAST_FETCH_BYTES = 64 << 10;
    private static final int MOST_FETCH_BYTES = 4 << 20;
    private static final int TOPICS = 2;

    private SinkConsumer() {}

    static Consumer<String, byte[]> create(KafkaAccess kafka, Membership membership) {
        Map<String, Object> settings = membership.consumerSettings(SinkApp.ROLE);
        settings.put("group.id", kafka.namespace().group(SinkApp.ROLE));
        settings.put("partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
        // A consumer holds up to one fetch of every partition. A record larger than that is fetched all the same.
        settings.put(
                "max.partition.fetch.bytes",
                Math.clamp(FETCHED_BYTES / (TOPICS * kafka.partitions()), LEAST_FETCH_BYTES, MOST_FETCH_BYTES));
        settings.put("fetch.max.bytes", FETCHED_BYTES);
        return kafka.consumer(membership.name(SinkApp.ROLE), settings);
    }
}
