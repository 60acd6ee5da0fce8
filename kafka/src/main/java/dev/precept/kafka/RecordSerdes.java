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
 * Creates Confluent Avro serializers and deserializers. Producers do not register schemas; records are written and read
 * with the schema of the generated class, even if the registry has a newer version. Thread-safe; the serializers and
 * deserializers are not.
 */
public final class RecordSerdes {
    static {
        TrustedRecords.trust();
    }

    private final Map<String, Object> settings;

    /** @param settings of the serializer, with {@code schema.registry.url} */
    public RecordSerdes(Map<String, ?> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("auto.register.schemas", false);
        // An older process cannot fill the fields of a newer schema.
        all.put("use.latest.version", false);
        all.put("specific.avro.reader", true);
        this.settings = Map.copyOf(all);
    }

    /** Creates an admin client of the schema registry. */
    public SchemaRegistryAdmin registry() {
        return new SchemaRegistryAdmin(settings);
    }

    /** Creates a serializer for the values of any topic of the catalogue. */
    @SuppressWarnings("unchecked")
    public Serializer<SpecificRecord> anySerializer() {
        Serializer<Object> serializer = new KafkaAvroSerializer();
        serializer.configure(settings, false);
        return (Serializer<SpecificRecord>) (Serializer<?>) serializer;
    }

    /** Creates a serializer for the values of a topic. */
    @SuppressWarnings("unchecked")
    public <V extends SpecificRecord> Serializer<V> serializer(Topic<V> topic) {
        return (Serializer<V>) (Serializer<?>) anySerializer();
    }

    /**
     * Creates a deserializer for the values of a topic. It throws {@link
     * org.apache.kafka.common.errors.SerializationException} for bytes that are not a record of this topic, and another
     * {@link org.apache.kafka.common.KafkaException} if the registry does not answer.
     */
    public <V extends SpecificRecord> Deserializer<V> deserializer(Topic<V> topic) {
        Deserializer<Object> deserializer = new KafkaAvroDeserializer();
        deserializer.configure(settings, false);
        return new TypedDeserializer<>(deserializer, topic.type());
    }
}
