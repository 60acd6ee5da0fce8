package dev.precept.benchmarks.rows;

import dev.precept.kafka.KafkaAccess;
import dev.precept.kafka.RecordSerdes;
import dev.precept.kafka.SchemaFile;
import dev.precept.records.SampleEvent;
import dev.precept.schemas.Namespace;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** The topics of a sink, filled before the measurement. */
public final class SampleTopics {
    private static final List<Topic<?>> TOPICS = List.of(Topics.SAMPLES, Topics.REJECTIONS, Topics.DEAD_LETTERS);

    private final KafkaAccess kafka;

    /** @param schemas file of schema ids, shared by all processes */
    public SampleTopics(String bootstrap, Path schemas, String namespace, int partitions) {
        Namespace dataset = new Namespace(namespace);
        this.kafka = new KafkaAccess(
                bootstrap,
                Map.of(),
                dataset,
                new RecordSerdes(Map.of("schema.registry.url", SchemaFile.seed(schemas, dataset))),
                partitions);
    }

    KafkaAccess kafka() {
        return kafka;
    }

    /**
     * Creates the topics and publishes samples round-robin to all partitions; returns when all are acknowledged.
     *
     * @return size of the record values before compression
     */
    public long fill(long samples) throws InterruptedException {
        AtomicReference<Exception> failure = new AtomicReference<>();
        SampleRows rows = new SampleRows();
        long bytes = 0;
        try (Admin admin = kafka.admin();
                Producer<String, SpecificRecord> producer = kafka.producer("benchmark");
                var serializer = kafka.serdes().anySerializer()) {
            admin.createTopics(TOPICS.stream()
                            .map(topic -> new NewTopic(kafka.namespace().name(topic), kafka.partitions(), (short) 1))
                            .toList())
                    .all()
                    .get();
            awaitLeaders(admin);
            String topic = kafka.namespace().name(Topics.SAMPLES);
            for (long n = 0; n < samples; n++) {
                SampleEvent event = new SampleEvent("benchmark", rows.of(n));
                if (n < 1_000) {
                    bytes += serializer.serialize(topic, event).length;
                }
                int partition = (int) (n % kafka.partitions());
                Future<?> _ = producer.send(
                        new ProducerRecord<>(topic, partition, null, event),
                        (metadata, e) -> failure.compareAndSet(null, e));
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot create the topics", e.getCause());
        }
        if (failure.get() != null) {
            throw new IllegalStateException("cannot publish a sample", failure.get());
        }
        return bytes * samples / Math.min(samples, 1_000);
    }

    /** Waits for the leader of each partition: an idempotent producer may hang if it sends before that. */
    private void awaitLeaders(Admin admin) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (Topic<?> topic : TOPICS) {
            for (int partition = 0; partition < kafka.partitions(); partition++) {
                ends.put(new TopicPartition(kafka.namespace().name(topic), partition), OffsetSpec.latest());
            }
        }
        admin.listOffsets(ends).all().get();
    }

    /** Topic ids by name without prefix. */
    Map<String, String> topicIds() throws InterruptedException {
        try (Admin admin = kafka.admin()) {
            return admin
                    .describeTopics(TOPICS.stream().map(kafka.namespace()::name).toList())
                    .allTopicNames()
                    .get()
                    .values()
                    .stream()
                    .collect(Collectors.toMap(
                            topic -> topic.name()
                                    .substring(kafka.namespace().prefix().length() + 1),
                            topic -> topic.topicId().toString()));
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot describe the topics", e.getCause());
        }
    }
}
