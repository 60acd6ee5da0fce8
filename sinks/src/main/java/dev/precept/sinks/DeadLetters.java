package dev.precept.sinks;

import dev.precept.kafka.KafkaAccess;
import dev.precept.records.DeadLetter;
import dev.precept.runtime.Membership;
import dev.precept.schemas.Topics;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Publishes the coordinates of undecodable records, without their bytes. Thread-safe. */
final class DeadLetters implements PartitionSink.UndecodableHandler, AutoCloseable {
    static final String STEP = "sink";

    private final KafkaAccess kafka;
    private final String clientId;
    private final SinkMeters meters;
    private @Nullable Producer<String, SpecificRecord> producer;

    DeadLetters(KafkaAccess kafka, Membership membership, SinkMeters meters) {
        this.kafka = kafka;
        this.clientId = membership.name(SinkApp.ROLE) + "-dead-letters";
        this.meters = meters;
    }

    @Override
    public void onUndecodable(String topic, int partition, long offset, String why) {
        String full = kafka.namespace().prefix() + "." + topic;
        try {
            opened().send(new ProducerRecord<>(
                            kafka.namespace().name(Topics.DEAD_LETTERS),
                            full + "-" + partition + "-" + offset,
                            new DeadLetter(full, partition, offset, STEP, why)))
                    .get();
            meters.countDeadLetter();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot publish a dead letter", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while publishing a dead letter", e);
        }
    }

    /** Created on first use; most sinks publish none. */
    private synchronized Producer<String, SpecificRecord> opened() {
        Producer<String, SpecificRecord> open = producer;
        if (open == null) {
            open = kafka.producer(clientId);
            producer = open;
        }
        return open;
    }

    @Override
    public synchronized void close() {
        if (producer != null) {
            producer.close();
            producer = null;
        }
    }
}
