package dev.precept.sinks;

import dev.precept.records.DeadLetter;
import dev.precept.records.PartitionComplete;
import dev.precept.records.Rejection;
import dev.precept.records.RejectionEvent;
import dev.precept.records.Sample;
import dev.precept.records.SampleEvent;
import dev.precept.runtime.kafka.KafkaAccess;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import dev.precept.sinks.chain.Chain;
import dev.precept.sinks.chain.ChainId;
import dev.precept.sinks.chain.Commit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread of the sink: polls, writes rows, commits, and tells the group where it stands. */
final class SinkLoop {
    private static final Logger log = LoggerFactory.getLogger(SinkLoop.class);
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaAccess kafka;
    private final Map<String, String> topicIds;
    private final Dataset dataset;
    private final Path spool;
    private final Roll roll;
    private final InstantSource clock;
    private final CrashPoint crash;
    private final Map<TopicPartition, PartitionSink> sinks = new HashMap<>();
    private final Deserializer<SampleEvent> samples;
    private final Deserializer<RejectionEvent> rejections;
    private final Consumer<String, byte[]> consumer;
    private volatile boolean stopping;

    SinkLoop(
            KafkaAccess kafka,
            Map<String, String> topicIds,
            Dataset dataset,
            Path spool,
            Roll roll,
            InstantSource clock,
            CrashPoint crash) {
        this.kafka = kafka;
        this.topicIds = topicIds;
        this.dataset = dataset;
        this.spool = spool;
        this.roll = roll;
        this.clock = clock;
        this.crash = crash;
        this.samples = kafka.serdes().deserializer(Topics.SAMPLES);
        this.rejections = kafka.serdes().deserializer(Topics.REJECTIONS);
        this.consumer = kafka.consumer(
                "sink",
                Map.of(
                        "group.id",
                        kafka.namespace().group("sink"),
                        "group.instance.id",
                        "sink-0",
                        "session.timeout.ms",
                        6_000,
                        "heartbeat.interval.ms",
                        1_500));
    }

    void stop() {
        stopping = true;
        consumer.wakeup();
    }

    void run() throws IOException {
        try (consumer) {
            consumer.subscribe(
                    List.of(
                            kafka.namespace().name(Topics.SAMPLES),
                            kafka.namespace().name(Topics.REJECTIONS)),
                    new Ownership());
            while (!stopping) {
                try {
                    step();
                } catch (WakeupException e) {
                    log.atDebug().log("woken to stop");
                }
            }
            commitAll(sinks.keySet(), false);
        } finally {
            for (PartitionSink sink : sinks.values()) {
                sink.drop();
            }
        }
    }

    private void step() throws IOException {
        ConsumerRecords<String, byte[]> batch = consumer.poll(POLL);
        for (TopicPartition partition : batch.partitions()) {
            PartitionSink sink = sinks.get(partition);
            if (sink == null) {
                continue;
            }
            for (ConsumerRecord<String, byte[]> record : batch.records(partition)) {
                write(sink, partition, record);
            }
        }
        for (Map.Entry<TopicPartition, PartitionSink> sink : sinks.entrySet()) {
            sink.getValue().drained(consumer.position(sink.getKey()));
        }
        commitAll(sinks.keySet(), true);
    }

    private void write(PartitionSink sink, TopicPartition partition, ConsumerRecord<String, byte[]> record)
            throws IOException {
        try {
            Object body = body(partition, record);
            switch (body) {
                case Sample sample -> sink.row(record.offset(), sample);
                case Rejection rejection -> sink.row(record.offset(), rejection);
                case Completed(String runId) -> sink.complete(record.offset(), runId);
                default -> throw new SerializationException("a value of another kind");
            }
        } catch (SerializationException e) {
            deadLetter(record, e);
            sink.unreadable(record.offset());
        }
    }

    private record Completed(String runId) {}

    private Object body(TopicPartition partition, ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            throw new SerializationException("no value");
        }
        if (partition.topic().equals(kafka.namespace().name(Topics.SAMPLES))) {
            SampleEvent event = samples.deserialize(record.topic(), record.value());
            return event.getBody() instanceof PartitionComplete ? new Completed(event.getRunId()) : event.getBody();
        }
        RejectionEvent event = rejections.deserialize(record.topic(), record.value());
        return event.getBody() instanceof PartitionComplete ? new Completed(event.getRunId()) : event.getBody();
    }

    private void deadLetter(ConsumerRecord<String, byte[]> record, SerializationException cause) {
        DeadLetter letter = new DeadLetter(
                record.topic(), record.partition(), record.offset(), "sink", String.valueOf(cause.getMessage()));
        try (Producer<String, SpecificRecord> producer = kafka.producer("sink-dead-letters")) {
            producer.send(new ProducerRecord<>(
                            kafka.namespace().name(Topics.DEAD_LETTERS),
                            record.topic() + "-" + record.partition() + "-" + record.offset(),
                            letter))
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot publish a dead letter", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while publishing a dead letter", e);
        }
    }

    private void commitAll(Set<TopicPartition> partitions, boolean dueOnly) throws IOException {
        Map<TopicPartition, OffsetAndMetadata> hints = new HashMap<>();
        for (TopicPartition partition : partitions) {
            PartitionSink sink = sinks.get(partition);
            if (sink == null || (dueOnly && !sink.due())) {
                continue;
            }
            PartitionSink.Result result = sink.commit();
            if (result == PartitionSink.Result.LOST) {
                consumer.seek(partition, sink.next());
            }
            Commit last = sink.last();
            if (result != PartitionSink.Result.NOTHING && last != null) {
                hints.put(partition, new OffsetAndMetadata(last.to(), String.valueOf(last.from())));
            }
        }
        if (!hints.isEmpty()) {
            consumer.commitAsync(hints, (offsets, e) -> {
                if (e != null) {
                    log.atWarn().setCause(e).log("the group's offsets were not updated; the chain is what counts");
                }
            });
            crash.passed(CrashPoint.Moment.HINTED);
        }
    }

    private final class Ownership implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> hints = consumer.committed(Set.copyOf(partitions));
            Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            try {
                for (TopicPartition partition : partitions) {
                    long head = take(partition, hints.get(partition));
                    requireLogHas(partition, head, beginnings.getOrDefault(partition, 0L), ends.get(partition));
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot find the head of a chain in " + dataset.location(), e);
            }
        }

        private void requireLogHas(TopicPartition partition, long head, long beginning, @Nullable Long end) {
            if (beginning > head) {
                throw new IllegalStateException("partition " + partition + " begins at offset " + beginning
                        + ", the chain in " + dataset.location() + " ends at " + head
                        + ": records were deleted before they were committed; begin a new dataset");
            }
            if (end != null && end < head) {
                throw new IllegalStateException("partition " + partition + " ends at offset " + end + ", the chain in "
                        + dataset.location() + " at " + head
                        + ": the broker lost records that are committed; begin a new dataset");
            }
        }

        private long take(TopicPartition partition, @Nullable OffsetAndMetadata hint) throws IOException {
            Topic<?> topic = partition.topic().equals(kafka.namespace().name(Topics.SAMPLES))
                    ? Topics.SAMPLES
                    : Topics.REJECTIONS;
            String topicId = topicIds.get(topic.name());
            if (topicId == null) {
                throw new IllegalStateException("no id is known of topic " + topic.name());
            }
            Chain chain = new Chain(dataset.store(), new ChainId(topic.name(), topicId, partition.partition()));
            long head = chain.head(hint == null ? 0 : from(hint));
            consumer.seek(partition, head);
            sinks.put(
                    partition,
                    new PartitionSink(
                            dataset.store(),
                            chain,
                            dataset.id(),
                            topic.equals(Topics.SAMPLES) ? Sample.getClassSchema() : Rejection.getClassSchema(),
                            spool,
                            roll,
                            clock,
                            crash,
                            head));
            return head;
        }

        private static long from(OffsetAndMetadata hint) {
            return hint.metadata().matches("\\d{1,18}") ? Long.parseLong(hint.metadata()) : 0;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            try {
                commitAll(Set.copyOf(partitions), false);
                onPartitionsLost(partitions);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot commit before handing over", e);
            }
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            for (TopicPartition partition : partitions) {
                PartitionSink sink = sinks.remove(partition);
                if (sink != null) {
                    try {
                        sink.drop();
                    } catch (IOException e) {
                        throw new UncheckedIOException("cannot drop a spool file", e);
                    }
                }
            }
        }
    }
}
