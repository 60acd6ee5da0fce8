package dev.precept.streams;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * Serdes of state stores, in Avro's single-object encoding: each value carries the fingerprint of its schema. Only the
 * topology reads its stores, so they need no schema registry.
 */
public final class AvroSerde {
    private AvroSerde() {}

    public static <V extends SpecificRecord> Serde<V> of(Class<V> type) {
        SpecificData model = SpecificData.getForClass(type);
        Schema schema = model.getSchema(type);
        BinaryMessageEncoder<V> encoder = new BinaryMessageEncoder<>(model, schema);
        BinaryMessageDecoder<V> decoder = new BinaryMessageDecoder<>(model, schema);
        return Serdes.serdeFrom(
                (topic, value) -> {
                    if (value == null) {
                        return null;
                    }
                    try {
                        ByteBuffer bytes = encoder.encode(value);
                        byte[] array = new byte[bytes.remaining()];
                        bytes.get(array);
                        return array;
                    } catch (IOException e) {
                        throw new UncheckedIOException("cannot encode a " + type.getSimpleName(), e);
                    }
                },
                (topic, bytes) -> {
                    if (bytes == null) {
                        return null;
                    }
                    try {
                        return decoder.decode(bytes);
                    } catch (IOException e) {
                        throw new UncheckedIOException(
                                "store of " + topic + ": a " + type.getSimpleName()
                                        + " has the schema of another version",
                                e);
                    }
                });
    }
}
