package dev.precept.kafka;

import dev.precept.schemas.Topic;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/** The newest record of each key of a topic, by reading it from its beginning. Not thread-safe. */
public final class CompactedTopic<V extends SpecificRecord> implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final Consumer<String, byte[]> consumer;
    private final Deserializer<V> values;
    private final Map<String, V> newest = new LinkedHashMap<>();

    public CompactedTopic(KafkaAccess kafka, Topic<V> topic) {
        values = kafka.serdes().deserializer(topic);
        consumer = kafka.consumer("newest-" + topic.name(), Map.of());
        String name = kafka.namespace().name(topic);
        List<TopicPartition> partitions = IntStream.range(0, kafka.partitions())
                .mapToObj(p -> new TopicPartition(name, p))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Everything up to the present end of the topic. Each call reads on from the last one. */
    public Map<String, V> readToEnd() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<String, byte[]> record : consumer.poll(PATIENCE)) {
                if (record.value() == null) {
                    newest.remove(record.key());
                } else {
                    newest.put(record.key(), values.deserialize(record.topic(), record.value()));
                }
            }
        }
        return Map.copyOf(newest);
    }

    @Override
    public void close() {
        consumer.close();
        values.close();
    }
}
