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

/** Decodes the values of both topics. Used by one thread. */
final class RecordDecoder implements AutoCloseable {
    /**
     * A marker is five numbers and the id of a run; a row carries more than that in hashes alone. So only values below this
     * are decoded to see whether they are one, and rows are decoded once, when their file is made. A larger marker would be
     * found then.
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
     * @throws OutageException if the schema registry cannot be asked
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
            default -> new DecodedRecord.Undecodable("a value of another kind");
        };
    }

    /** Whether a value has to be read as it comes, because it may be the end of a run. */
    static boolean mayBeMarker(byte @Nullable [] value) {
        return value != null && value.length < MARKER_BYTES;
    }

    @Override
    public void close() {
        samples.close();
        rejections.close();
    }
}
