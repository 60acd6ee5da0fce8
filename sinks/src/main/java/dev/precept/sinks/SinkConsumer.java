package dev.precept.sinks;

import dev.precept.runtime.kafka.KafkaAccess;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;

/** The consumer of one sink of several. */
final class SinkConsumer {
    private static final int SESSION_MILLIS = 6_000;
    private static final int HEARTBEAT_MILLIS = 1_500;
    private static final int FETCHED_BYTES = 32 << 20;
    private static final int LEAST_FETCH_BYTES = 64 << 10;
    private static final int MOST_FETCH_BYTES = 4 << 20;
    private static final int TOPICS = 2;

    private SinkConsumer() {}

    /** @param ordinal tells sinks of one dataset apart; no two that live at once have the same */
    static Consumer<String, byte[]> of(KafkaAccess kafka, int ordinal) {
        String member = "sink-" + ordinal;
        // A consumer holds up to one fetch of every partition. A record larger than that is fetched all the same.
        int fetch = Math.clamp(FETCHED_BYTES / (TOPICS * kafka.partitions()), LEAST_FETCH_BYTES, MOST_FETCH_BYTES);
        return kafka.consumer(
                member,
                Map.of(
                        "group.id",
                        kafka.namespace().group("sink"),
                        "group.instance.id",
                        member,
                        "session.timeout.ms",
                        SESSION_MILLIS,
                        "heartbeat.interval.ms",
                        HEARTBEAT_MILLIS,
                        "partition.assignment.strategy",
                        "org.apache.kafka.clients.consumer.CooperativeStickyAssignor",
                        "max.partition.fetch.bytes",
                        fetch,
                        "fetch.max.bytes",
                        FETCHED_BYTES));
    }
}
