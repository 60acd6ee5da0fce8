package dev.precept.benchmarks.client;

import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.NearDuplicatePolicy;
import dev.precept.records.NearDuplicateSearch;
import dev.precept.records.NeighbourAction;
import dev.precept.records.NeighbourRequest;
import dev.precept.records.Origin;
import dev.precept.records.Seq;
import dev.precept.records.SlotRef;
import dev.precept.schemas.Topics;
import dev.precept.streams.neardup.NeighbourRequests;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** Claims of reasonings, on one shard. */
public final class SignatureTopic {
    private static final double THRESHOLD = 0.8;

    private final KafkaAccess kafka;

    public SignatureTopic(String bootstrap, Path schemas, String namespace, int partitions) {
        this.kafka = new TaskTopics(bootstrap, schemas, namespace, partitions).kafka();
    }

    /** Publishes a claim of each text; returns when all are acknowledged. */
    public void publish(long documents, LongFunction<String> texts) throws InterruptedException {
        DatasetTopics.ensure(kafka, (short) 1);
        AtomicReference<Exception> failure = new AtomicReference<>();
        try (Producer<String, SpecificRecord> producer = kafka.producer("benchmark")) {
            String topic = kafka.namespace().name(Topics.REASONING_SIGNATURES);
            for (long n = 0; n < documents; n++) {
                NeighbourRequest claim = claim(n, texts.apply(n));
                Future<?> _ = producer.send(
                        new ProducerRecord<>(topic, claim.getRef().getPromptId(), claim),
                        (metadata, e) -> failure.compareAndSet(null, e));
            }
        }
        if (failure.get() != null) {
            throw new IllegalStateException("cannot publish a claim", failure.get());
        }
    }

    private NeighbourRequest claim(long n, String text) {
        String prompt = String.format(Locale.ROOT, "%064x", n);
        int partition = (int) (n % kafka.partitions());
        return new NeighbourRequests(
                        new SlotRef("run-1", prompt, new Origin("prompts.jsonl", String.valueOf(n), n), 0, 1, 1),
                        prompt,
                        Instant.EPOCH,
                        new Seq(n, partition, 0),
                        partition,
                        new NearDuplicateSearch(NearDuplicatePolicy.OFF, NearDuplicatePolicy.REJECT, THRESHOLD, 1),
                        false)
                .sign(NeighbourAction.CLAIM, text, false)
                .getFirst();
    }

    /** Claims whose answers are committed. */
    public long answered() throws InterruptedException {
        TopicPartition partition = new TopicPartition(kafka.namespace().name(Topics.REASONING_SIGNATURES), 0);
        try (Admin admin = kafka.admin()) {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(
                            kafka.namespace().group("streams"))
                    .partitionsToOffsetAndMetadata()
                    .get();
            OffsetAndMetadata read = committed.get(partition);
            return read == null ? 0 : read.offset();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot read the offsets of the topology", e.getCause());
        }
    }
}
