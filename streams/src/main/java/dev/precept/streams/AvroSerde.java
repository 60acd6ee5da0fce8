package dev.precept.streams;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * Serdes of state stores, in Avro's single-object encoding: each value carries the fingerprint of the schema it was written
 * with. Values are written with the present schema and read with it or with any earlier one; earlier schemas are resources
 * of this package, {@code schemas/<type>-<n>.avsc}. Only the topology reads its stores, so they need no schema registry.
 */
public final class AvroSerde {
    private AvroSerde() {}

    public static <V extends SpecificRecord> Serde<V> of(Class<V> type) {
        SpecificData model = SpecificData.getForClass(type);
        Schema schema = model.getSchema(type);
        BinaryMessageEncoder<V> encoder = new BinaryMessageEncoder<>(model, schema);
        BinaryMessageDecoder<V> decoder = new BinaryMessageDecoder<>(model, schema);
        earlierSchemas(type).forEach(decoder::addSchema);
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
                    } catch (IOException | AvroRuntimeException e) {
                        // Not the fault of the event that reads it, so it must not be taken for one: see StepProcessor.
                        throw new SerializationException(
                                "store of " + topic + ": a " + type.getSimpleName()
                                        + " was written by a newer version, or is damaged",
                                e);
                    }
                });
    }

    /** The schemas of a type that earlier versions wrote, the oldest first. */
    static List<Schema> earlierSchemas(Class<?> type) {
        List<Schema> schemas = new ArrayList<>();
        for (int version = 1; ; version++) {
            String name = "schemas/" + type.getSimpleName() + "-" + version + ".avsc";
            try (InputStream resource = AvroSerde.class.getResourceAsStream(name)) {
                if (resource == null) {
                    return schemas;
                }
                schemas.add(new Schema.Parser().parse(resource));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read the resource " + name, e);
            }
        }
    }
}
