package dev.precept.sinks;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Reports the status of each partition to the metrics, once a second. For the thread of the loop. */
final class PartitionMetrics {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Consumer<String, byte[]> consumer;
    private final SinkMeters meters;
    private Instant updatedAt = Instant.MIN;

    PartitionMetrics(Consumer<String, byte[]> consumer, SinkMeters meters) {
        this.consumer = consumer;
        this.meters = meters;
    }

    /** @param waiting partitions that are not started yet; they age as well */
    void update(Instant now, AssignedPartitions assigned, Set<TopicPartition> waiting) {
        if (now.isBefore(updatedAt.plus(INTERVAL))) {
            return;
        }
        updatedAt = now;
        Map<TopicPartition, SinkMeters.PartitionStatus> statuses = new HashMap<>();
        assigned.forEach((partition, sink) -> statuses.put(
                partition, new SinkMeters.PartitionStatus(sink.waitingSince(), consumer.currentLag(partition))));
        waiting.forEach(partition -> statuses.put(
                partition,
                new SinkMeters.PartitionStatus(
                        Objects.requireNonNullElse(meters.waitingSince(partition), now), OptionalLong.empty())));
        meters.update(statuses);
    }
}
