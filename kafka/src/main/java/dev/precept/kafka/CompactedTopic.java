package dev.precept.kafka;

import dev.precept.schemas.Topic;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/** The latest record of each key of a topic. Not thread-safe. */
public final class CompactedTopic<V extends SpecificRecord> implements AutoCloseable {
    private final TopicReader reader;
    private final Deserializer<V> deserializer;
    private final Map<String, V> latest = new LinkedHashMap<>();

    private final Consumer<V> each;

    public CompactedTopic(KafkaAccess kafka, Topic<V> topic) {
        this(kafka, topic, _ -> {});
    }

    /** @param each receives every record that is not compacted yet, in the order of its partition */
    public CompactedTopic(KafkaAccess kafka, Topic<V> topic, Consumer<V> each) {
        this.each = each;
        deserializer = kafka.serdes().deserializer(topic);
        reader = new TopicReader(
                kafka,
                "newest-" + topic.name(),
                kafka.partitionsOf(kafka.namespace().name(topic)));
    }

    /** Reads from where the last call ended to the present end; returns the latest value of each key. */
    public Map<String, V> readToEnd() {
        reader.readToEnd(this::apply);
        return Map.copyOf(latest);
    }

    private void apply(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            latest.remove(record.key());
        } else {
            V value = deserializer.deserialize(record.topic(), record.value());
            latest.put(record.key(), value);
            each.accept(value);
        }
    }

    @Override
    public void close() {
        reader.close();
        deserializer.close();
    }
}
