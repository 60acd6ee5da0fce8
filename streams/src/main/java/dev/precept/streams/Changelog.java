package dev.precept.streams;

import dev.precept.kafka.KafkaAccess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The topics that the topology restores its stores from, and how a topic is read from its beginning to its present end. */
public final class Changelog {
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private Changelog() {}

    /** What is done with a record. */
    @FunctionalInterface
    public interface Visitor {
        void visit(ConsumerRecord<String, byte[]> record) throws InterruptedException;
    }

    /** The name that Kafka Streams gives the changelog of a store. */
    public static String name(KafkaAccess kafka, String store) {
        return kafka.namespace().group(StreamsApp.ROLE) + "-" + store + "-changelog";
    }

    public static boolean exists(KafkaAccess kafka, String topic) throws InterruptedException {
        try (Admin admin = kafka.admin()) {
            return admin.listTopics().names().get().contains(topic);
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot list the topics", e.getCause());
        }
    }

    /** All partitions of a topic of the dataset. */
    public static List<TopicPartition> partitions(KafkaAccess kafka, String topic) {
        return IntStream.range(0, kafka.partitions())
                .mapToObj(p -> new TopicPartition(topic, p))
                .toList();
    }

    public static void scan(KafkaAccess kafka, List<TopicPartition> partitions, Visitor visitor)
            throws InterruptedException {
        try (Consumer<String, byte[]> consumer = kafka.consumer("scan", Map.of())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(PATIENCE)) {
                    visitor.visit(record);
                }
            }
        }
    }
}
