package dev.precept.kafka;

import dev.precept.schemas.Topic;
import dev.precept.schemas.TrustedRecords;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * The Confluent Avro serializer, wired once: schemas are registered beforehand and never by a producer, and a record is
 * written with the schema of the generated class and read as it, whatever newer version the registry has. Thread-safe;
 * what it hands out is not.
 */
public final class RecordSerdes {
    static {
        TrustedRecords.trust();
    }

    private final Map<String, Object> settings;

    /** @param settings must name {@code schema.registry.url}; others pass through to the serializer */
    public RecordSerdes(Map<String, ?> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("auto.register.schemas", false);
        // A process that is older than the newest version can neither fill its fields nor take them.
        all.put("use.latest.version", false);
        all.put("specific.avro.reader", true);
        this.settings = Map.copyOf(all);
    }

    /** The registry that schemas are found in. */
    public SchemaRegistryAdmin registry() {
        return new SchemaRegistryAdmin(settings);
    }

    /** A serializer for the values of any topic of the catalogue, for producers that write several. */
    @SuppressWarnings("unchecked")
    public Serializer<SpecificRecord> anySerializer() {
        Serializer<Object> serializer = new KafkaAvroSerializer();
        serializer.configure(settings, false);
        return (Serializer<SpecificRecord>) (Serializer<?>) serializer;
    }

    /** A serializer for the values of a topic. */
    @SuppressWarnings("unchecked")
    public <V extends SpecificRecord> Serializer<V> serializer(Topic<V> topic) {
        return (Serializer<V>) (Serializer<?>) anySerializer();
    }

    /**
     * A deserializer for the values of a topic. It throws {@link
     * org.apache.kafka.common.errors.SerializationException} for bytes that are not a record of this topic, and another
     * {@link org.apache.kafka.common.KafkaException} if the registry could not be asked.
     */
    public <V extends SpecificRecord> Deserializer<V> deserializer(Topic<V> topic) {
        Deserializer<Object> deserializer = new KafkaAvroDeserializer();
        deserializer.configure(settings, false);
        return new TypedDeserializer<>(deserializer, topic.type());
    }
}
