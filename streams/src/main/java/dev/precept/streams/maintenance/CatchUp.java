package dev.precept.streams.maintenance;

import dev.precept.kafka.KafkaAccess;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import dev.precept.streams.StreamsApp;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Waits until the topology has read the answers that were published before a moment. */
final class CatchUp {
    private static final Duration POLL_INTERVAL = Duration.ofMillis(200);
    private static final List<Topic<?>> ANSWERS = List.of(Topics.CANDIDATES, Topics.VERDICTS);

    private final Admin admin;
    private final String group;
    private final Map<TopicPartition, Long> ends = new HashMap<>();

    /** Records the present ends of the answer topics. */
    CatchUp(KafkaAccess kafka, Admin admin) throws ExecutionException, InterruptedException {
        this.admin = admin;
        this.group = kafka.namespace().group(StreamsApp.ROLE);
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (Topic<?> topic : ANSWERS) {
            kafka.partitionsOf(kafka.namespace().name(topic))
                    .forEach(partition -> latest.put(partition, OffsetSpec.latest()));
        }
        admin.listOffsets(latest).all().get().forEach((partition, end) -> ends.put(partition, end.offset()));
    }

    /**
     * Waits for the topology.
     *
     * @param patience how long to wait while the topology makes no progress; not at all while no process runs it
     * @return records that the topology has not read; 0 once it has read all
     */
    long await(Duration patience) throws ExecutionException, InterruptedException {
        long behind = behind();
        for (long since = System.nanoTime(); behind > 0; Thread.sleep(POLL_INTERVAL)) {
            long now = behind();
            if (now < behind) {
                since = System.nanoTime();
            } else if (System.nanoTime() - since > patience.toNanos() || !GroupMembers.hasMembers(admin, group)) {
                return now;
            }
            behind = now;
        }
        return behind;
    }

    private long behind() throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        return ends.entrySet().stream()
                .mapToLong(end -> {
                    OffsetAndMetadata read = committed.get(end.getKey());
                    return Math.max(0, end.getValue() - (read == null ? 0 : read.offset()));
                })
                .sum();
    }
}
