package dev.precept.kafka;

import dev.precept.config.ConfigurationException;
import dev.precept.schemas.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The committed offsets of a group of workers, which a broker deletes some time after the last worker has left. */
public final class GroupOffsets {
    private static final Logger log = LoggerFactory.getLogger(GroupOffsets.class);
    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);

    private GroupOffsets() {}

    /**
     * Verifies that a group has not lost its offsets: results without any committed offset show that it has, because a
     * worker commits a start offset before it handles its first task. Waits through an outage of the broker.
     *
     * @param shouldWait asked before each request
     * @throws ConfigurationException if the offsets are lost: the tasks would be handled again from the first one
     */
    public static void requireKept(
            KafkaAccess kafka, String group, Topic<?> tasks, Topic<?> results, BooleanSupplier shouldWait)
            throws InterruptedException {
        while (shouldWait.getAsBoolean()) {
            try (Admin admin = kafka.admin()) {
                // In this order: the offsets of a worker that starts at this moment precede its first result.
                boolean lost = hasRecords(admin, kafka, results) && !hasOffsets(admin, kafka, group, tasks);
                if (lost && hasRecords(admin, kafka, tasks)) {
                    throw new ConfigurationException(message(kafka, group, tasks, results));
                }
                return;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof RetriableException)) {
                    throw new IllegalStateException("cannot read the offsets of group " + group, e.getCause());
                }
                log.atWarn()
                        .setCause(e.getCause())
                        .addKeyValue("group", group)
                        .log("cannot read the offsets; retrying");
                Thread.sleep(RETRY_INTERVAL);
            }
        }
    }

    private static String message(KafkaAccess kafka, String group, Topic<?> tasks, Topic<?> results) {
        return "Kafka: group " + group + " has no committed offset, but "
                + kafka.namespace().name(results)
                + " holds results: the offsets have expired (offsets.retention.minutes of the brokers) or were deleted. From "
                + "the first task of " + kafka.namespace().name(tasks) + " on, calls would be paid again; see "
                + "docs/runbooks/role-down.md";
    }

    private static boolean hasOffsets(Admin admin, KafkaAccess kafka, String group, Topic<?> tasks)
            throws ExecutionException, InterruptedException {
        try {
            Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
            String topic = kafka.namespace().name(tasks);
            return offsets.entrySet().stream()
                    .anyMatch(entry -> entry.getKey().topic().equals(topic) && entry.getValue() != null);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return false;
            }
            throw e;
        }
    }

    private static boolean hasRecords(Admin admin, KafkaAccess kafka, Topic<?> topic)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> beginnings = offsets(admin, kafka, topic, OffsetSpec.earliest());
        Map<TopicPartition, Long> ends = offsets(admin, kafka, topic, OffsetSpec.latest());
        return ends.entrySet().stream().anyMatch(end -> end.getValue() > beginnings.getOrDefault(end.getKey(), 0L));
    }

    private static Map<TopicPartition, Long> offsets(Admin admin, KafkaAccess kafka, Topic<?> topic, OffsetSpec spec)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> request = new HashMap<>();
        kafka.partitionsOf(kafka.namespace().name(topic)).forEach(partition -> request.put(partition, spec));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (Map.Entry<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> entry :
                admin.listOffsets(request).all().get().entrySet()) {
            offsets.put(entry.getKey(), entry.getValue().offset());
        }
        return offsets;
    }
}
