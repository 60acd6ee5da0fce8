package dev.precept.kafka;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Deserializes records of one type. Consumers treat a {@link SerializationException} as a dead letter, so an outage of the
 * registry is reported as another exception.
 */
record TypedDeserializer<V>(Deserializer<Object> avro, Class<V> type) implements Deserializer<V> {
    @Override
    @SuppressWarnings("NullAway") // a tombstone is null
    public V deserialize(String topic, byte[] bytes) {
        Object value = decode(topic, bytes);
        if (value != null && !type.isInstance(value)) {
            throw new SerializationException(
                    "a " + value.getClass().getSimpleName() + " where a " + type.getSimpleName() + " belongs");
        }
        return type.cast(value);
    }

    private @Nullable Object decode(String topic, byte[] bytes) {
        try {
            return avro.deserialize(topic, bytes);
        } catch (KafkaException e) {
            if (RegistryOutage.caused(e)) {
                throw new KafkaException("the schema registry did not return a schema of " + topic, e);
            }
            throw e;
        } catch (RuntimeException e) {
            // Truncated bytes or invalid lengths make the decoder throw arbitrary exceptions.
            throw new SerializationException("these bytes are not a record", e);
        }
    }

    @Override
    public void close() {
        avro.close();
    }
}
