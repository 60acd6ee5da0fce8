package dev.precept.benchmarks.client;

import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.KafkaAccess;
import dev.precept.kafka.RecordSerdes;
import dev.precept.kafka.SchemaFile;
import dev.precept.records.GenerationTask;
import dev.precept.records.SpecBundle;
import dev.precept.records.Spend;
import dev.precept.schemas.Namespace;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The topics of a worker: publishes tasks before a measurement and counts results. */
public final class TaskTopics {
    private final KafkaAccess kafka;

    /** @param schemas file of schema ids, shared by all processes */
    public TaskTopics(String bootstrap, Path schemas, String namespace, int partitions) {
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

    /** Creates the topics and publishes the specification and the tasks; returns when all are acknowledged. */
    public void publish(BenchmarkInput benchmarkInput, long tasks) throws InterruptedException {
        DatasetTopics.ensure(kafka, (short) 1);
        for (Topic<?> topic : Topics.all()) {
            records(topic); // waits for the leader of each partition
        }
        AtomicReference<Exception> failure = new AtomicReference<>();
        try (Producer<String, SpecificRecord> producer = kafka.producer("benchmark")) {
            String version = benchmarkInput.specification().version();
            String bundle = new String(benchmarkInput.specification().compile(), StandardCharsets.UTF_8);
            send(producer, Topics.SPECS, version, new SpecBundle(version, bundle), failure);
            for (long n = 1; n <= tasks; n++) {
                GenerationTask task = benchmarkInput.task(n);
                send(producer, Topics.GENERATION_TASKS, task.getRef().getPromptId(), task, failure);
            }
        }
        if (failure.get() != null) {
            throw new IllegalStateException("cannot publish a task", failure.get());
        }
    }

    private void send(
            Producer<String, SpecificRecord> producer,
            Topic<?> topic,
            String key,
            SpecificRecord value,
            AtomicReference<Exception> failure) {
        Future<?> _ = producer.send(
                new ProducerRecord<>(kafka.namespace().name(topic), key, value),
                (metadata, e) -> failure.compareAndSet(null, e));
    }

    /** Number of candidates. */
    public long candidates() throws InterruptedException {
        return records(Topics.CANDIDATES);
    }

    private long records(Topic<?> catalogTopic) throws InterruptedException {
        String topic = kafka.namespace().name(catalogTopic);
        try (Admin admin = kafka.admin()) {
            return admin
                    .listOffsets(kafka.partitionsOf(topic).stream()
                            .collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest())))
                    .all()
                    .get()
                    .values()
                    .stream()
                    .mapToLong(ListOffsetsResultInfo::offset)
                    .sum();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot count the records of " + topic, e.getCause());
        }
    }

    /** Calls of a worker, from its spend records. */
    public long calls(String worker) {
        try (CompactedTopic<Spend> spend = new CompactedTopic<>(kafka, Topics.SPEND)) {
            return spend.readToEnd().values().stream()
                    .filter(record -> record.getWorker().startsWith(worker + "|"))
                    .mapToLong(Spend::getCalls)
                    .sum();
        }
    }

    /** Answered calls, from the workers' spend records. */
    public long answered() {
        try (CompactedTopic<Spend> spend = new CompactedTopic<>(kafka, Topics.SPEND)) {
            return spend.readToEnd().values().stream()
                    .mapToLong(record -> record.getCallsByOutcome().getOrDefault("answered", 0L))
                    .sum();
        }
    }
}
