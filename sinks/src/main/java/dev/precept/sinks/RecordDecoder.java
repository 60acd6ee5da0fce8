package dev.precept.sinks;

import dev.precept.kafka.KafkaAccess;
import dev.precept.records.PartitionComplete;
import dev.precept.records.RejectionEvent;
import dev.precept.records.SampleEvent;
import dev.precept.schemas.Topics;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Decodes the values of both topics. Not thread-safe. */
final class RecordDecoder implements AutoCloseable {
    /**
     * A completion marker is five numbers and a run id; the hashes of a row alone are larger. Only values below this size
     * are decoded on arrival; rows are decoded once, when their file is written. A larger marker is found then.
     */
    private static final int MARKER_BYTES = 512;

    private final String samplesTopic;
    private final String rejectionsTopic;
    private final Deserializer<SampleEvent> samples;
    private final Deserializer<RejectionEvent> rejections;

    RecordDecoder(KafkaAccess kafka) {
        this.samplesTopic = kafka.namespace().name(Topics.SAMPLES);
        this.rejectionsTopic = kafka.namespace().name(Topics.REJECTIONS);
        this.samples = kafka.serdes().deserializer(Topics.SAMPLES);
        this.rejections = kafka.serdes().deserializer(Topics.REJECTIONS);
    }

    /**
     * @param topic of the catalogue, without prefix
     * @throws OutageException if the schema registry does not answer
     */
    DecodedRecord decode(String topic, byte @Nullable [] value) throws OutageException {
        if (value == null || value.length == 0) {
            return new DecodedRecord.Undecodable("no value");
        }
        try {
            if (topic.equals(Topics.SAMPLES.name())) {
                SampleEvent event = samples.deserialize(samplesTopic, value);
                return event(event.getRunId(), event.getBody());
            }
            RejectionEvent event = rejections.deserialize(rejectionsTopic, value);
            return event(event.getRunId(), event.getBody());
        } catch (SerializationException e) {
            return new DecodedRecord.Undecodable(String.valueOf(e.getMessage()));
        } catch (KafkaException e) {
            throw new OutageException(String.valueOf(e.getMessage()), e);
        }
    }

    private static DecodedRecord event(String runId, Object body) {
        return switch (body) {
            case PartitionComplete _ -> new DecodedRecord.Completed(runId);
            case SpecificRecord row -> new DecodedRecord.Row(row);
            default -> new DecodedRecord.Undecodable("unknown kind of value");
        };
    }

    /** Whether a value may be a completion marker and must be decoded on arrival. */
    static boolean mayBeMarker(byte @Nullable [] value) {
        return value != null && value.length < MARKER_BYTES;
    }

    @Override
    public void close() {
        samples.close();
        rejections.close();
    }
}
