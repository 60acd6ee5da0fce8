package dev.precept.kafka;

import dev.precept.schemas.Namespace;
import dev.precept.schemas.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Access to a dataset on a test's broker; reads its partitions. */
final class KafkaFixture {
    private KafkaFixture() {}

    static KafkaAccess access(String broker, Path work, String prefix, int partitions) {
        Namespace namespace = new Namespace(prefix);
        String registry = SchemaFile.seed(work.resolve(prefix + ".json"), namespace);
        return new KafkaAccess(
                broker, Map.of(), namespace, new RecordSerdes(Map.of("schema.registry.url", registry)), partitions);
    }

    /** All committed records of a partition. */
    static List<ConsumerRecord<String, byte[]>> read(KafkaAccess kafka, Topic<?> topic, int partition) {
        TopicPartition topicPartition = new TopicPartition(kafka.namespace().name(topic), partition);
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        try (Consumer<String, byte[]> consumer = kafka.consumer("reader", Map.of())) {
            consumer.assign(List.of(topicPartition));
            consumer.seekToBeginning(List.of(topicPartition));
            long end = consumer.endOffsets(List.of(topicPartition)).getOrDefault(topicPartition, 0L);
            while (consumer.position(topicPartition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }
}
