package dev.precept.streams;

import dev.precept.kafka.KafkaAccess;
import dev.precept.schemas.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/** Follows the committed records of a topic from its beginning, with their partitions. Not thread-safe. */
final class TopicFollower<V extends SpecificRecord> implements AutoCloseable {
    private final Consumer<String, byte[]> consumer;
    private final Deserializer<V> values;

    record PartitionedValue<V>(int partition, V value) {}

    TopicFollower(KafkaAccess kafka, Topic<V> topic) {
        values = kafka.serdes().deserializer(topic);
        consumer = kafka.consumer("follow-" + topic.name(), Map.of());
        List<TopicPartition> partitions = IntStream.range(0, kafka.partitions())
                .mapToObj(p -> new TopicPartition(kafka.namespace().name(topic), p))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** The records since the last call; waits briefly for one. */
    List<PartitionedValue<V>> more() {
        List<PartitionedValue<V>> more = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(50))) {
            more.add(new PartitionedValue<>(record.partition(), values.deserialize(record.topic(), record.value())));
        }
        return more;
    }

    /** The records since the last call up to the present end of the topic. */
    List<PartitionedValue<V>> toEnd() {
        List<PartitionedValue<V>> records = new ArrayList<>();
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            records.addAll(more());
        }
        return records;
    }

    @Override
    public void close() {
        consumer.close();
        values.close();
    }
}
