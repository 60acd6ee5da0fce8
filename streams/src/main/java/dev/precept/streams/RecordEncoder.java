package dev.precept.streams;

import dev.precept.kafka.RegistryOutage;
import dev.precept.schemas.Namespace;
import dev.precept.streams.ledger.OutputRecord;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Encodes the output records of an event before any of them is forwarded, so that a record that cannot be written fails its
 * event and not the stream thread. Not thread-safe.
 */
final class RecordEncoder implements AutoCloseable {
    /** Key, headers and framing of a record, as the producer counts them against its limit. */
    private static final int ENVELOPE_BYTES = 1 << 10;

    private final Namespace namespace;
    private final Serializer<SpecificRecord> serializer;
    private final int maxBytes;

    /** @param maxBytes of a record: the limit of the topics and of the producer */
    RecordEncoder(Namespace namespace, Serializer<SpecificRecord> serializer, int maxBytes) {
        this.namespace = namespace;
        this.serializer = serializer;
        this.maxBytes = maxBytes;
    }

    /**
     * Encodes all records.
     *
     * @throws IllegalStateException if one cannot be encoded or is too large
     * @throws org.apache.kafka.common.KafkaException if the schema registry does not answer
     */
    List<EncodedRecord> encode(List<OutputRecord> outputs) {
        List<EncodedRecord> encoded = new ArrayList<>(outputs.size());
        for (OutputRecord output : outputs) {
            byte[] bytes = bytes(output);
            if (bytes.length + output.key().length() > maxBytes - ENVELOPE_BYTES) {
                throw new IllegalStateException(
                        "the record for " + output.topic().name() + " has " + bytes.length
                                + " bytes, more than a record of the topic may have");
            }
            encoded.add(new EncodedRecord(output.topic(), output.key(), bytes, output.partition()));
        }
        return encoded;
    }

    private byte[] bytes(OutputRecord output) {
        try {
            return serializer.serialize(namespace.name(output.topic()), output.value());
        } catch (SerializationException e) {
            if (RegistryOutage.causedOnWrite(e)) {
                throw e;
            }
            throw new IllegalStateException("the record for " + output.topic().name() + " cannot be encoded", e);
        }
    }

    @Override
    public void close() {
        serializer.close();
    }
}
