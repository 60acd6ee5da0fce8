package dev.precept.streams.maintenance;

import dev.precept.kafka.KafkaAccess;
import dev.precept.kafka.TopicReader;
import dev.precept.records.EndMarker;
import dev.precept.records.PartitionProgress;
import dev.precept.records.PromptEvent;
import dev.precept.schemas.Topics;
import dev.precept.streams.AvroSerde;
import dev.precept.streams.Changelog;
import dev.precept.streams.StreamsApp;
import dev.precept.streams.ledger.ClosedRun;
import dev.precept.streams.ledger.LedgerStores;
import dev.precept.streams.ledger.SlotKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serde;

/**
 * Deletes the ledger's rows of a run that is complete on every partition. Only the topology can delete them, so this class
 * publishes requests to its prompts topic: they wait there until a topology runs, and a repeated request has no effect. Not
 * thread-safe.
 */
public final class LedgerExpiry implements AutoCloseable {
    private static final Duration POLL_INTERVAL = Duration.ofMillis(200);

    private final KafkaAccess kafka;
    private final String runId;
    private final int rowsPerEvent;
    private final TopicReader changelogReader;
    private final Serde<PartitionProgress> serde = AvroSerde.of(PartitionProgress.class);
    private final Map<Integer, PartitionProgress> progress = new HashMap<>();
    private final Map<Integer, PartitionProgress> notes = new HashMap<>();

    public LedgerExpiry(KafkaAccess kafka, String runId) throws InterruptedException {
        this(kafka, runId, ClosedRun.ROWS_PER_EVENT);
    }

    public LedgerExpiry(KafkaAccess kafka, String runId, int rowsPerEvent) throws InterruptedException {
        this.kafka = kafka;
        this.runId = runId;
        this.rowsPerEvent = rowsPerEvent;
        String changelog = Changelog.name(kafka, LedgerStores.PROGRESS);
        List<TopicPartition> partitions =
                Changelog.exists(kafka, changelog) ? kafka.partitionsOf(changelog) : List.of();
        changelogReader = new TopicReader(kafka, "expiry", partitions);
    }

    public enum Outcome {
        /** No row of the run remains. */
        DELETED,
        /** No process runs the topology; the next one to start will delete the rows. */
        NOT_RUNNING,
        /** The topology has not processed the request yet. */
        PENDING,
        /** The topology has processed the request and left rows in place, as an earlier version does. */
        NOT_DELETED
    }

    /** Rows of the run that the ledger holds now and may delete: those of partitions where the run is complete. */
    public long deletableRows() {
        pollChangelog();
        return progress.keySet().stream().mapToLong(this::deletableRows).sum();
    }

    private long deletableRows(int partition) {
        return ClosedRun.deletableRows(progress.get(partition), notes.get(partition));
    }

    /**
     * Requests the deletion of all rows, and waits for it.
     *
     * @param patience how long to wait while the topology makes no progress
     */
    public Outcome requestDeletion(Duration patience) throws InterruptedException {
        long left = deletableRows();
        if (left == 0) {
            return Outcome.DELETED;
        }
        String group = kafka.namespace().group(StreamsApp.ROLE);
        try (Admin admin = kafka.admin()) {
            Map<TopicPartition, Long> requests = publish();
            for (long since = System.nanoTime(); ; Thread.sleep(POLL_INTERVAL)) {
                // In this order: a changelog read after the commit holds at least what was committed.
                boolean processed = isProcessed(admin, group, requests);
                long now = deletableRows();
                if (processed && now == 0) {
                    return Outcome.DELETED;
                }
                if (!processed && !GroupMembers.hasMembers(admin, group)) {
                    return Outcome.NOT_RUNNING;
                }
                if (now < left) {
                    left = now;
                    since = System.nanoTime();
                } else if (System.nanoTime() - since > patience.toNanos()) {
                    return processed ? Outcome.NOT_DELETED : Outcome.PENDING;
                }
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "cannot request the deletion of the ledger's rows of run " + runId, e.getCause());
        }
    }

    /** Publishes as many events as the rows of each partition need; returns the offset of the last event by partition. */
    private Map<TopicPartition, Long> publish() throws ExecutionException, InterruptedException {
        String topic = kafka.namespace().name(Topics.PROMPTS);
        Map<TopicPartition, Future<RecordMetadata>> sent = new HashMap<>();
        try (Producer<String, SpecificRecord> producer = kafka.producer("expiry")) {
            for (Map.Entry<Integer, PartitionProgress> each : progress.entrySet()) {
                int partition = each.getKey();
                PartitionProgress partitionProgress = each.getValue();
                for (long rows = deletableRows(partition); rows > 0; rows -= rowsPerEvent) {
                    PromptEvent close =
                            new PromptEvent(runId, new EndMarker("", partition, partitionProgress.getSources(), true));
                    sent.put(
                            new TopicPartition(topic, partition),
                            producer.send(new ProducerRecord<>(topic, partition, runId, close)));
                }
            }
            Map<TopicPartition, Long> requests = new HashMap<>();
            for (Map.Entry<TopicPartition, Future<RecordMetadata>> last : sent.entrySet()) {
                requests.put(last.getKey(), last.getValue().get().offset());
            }
            return requests;
        }
    }

    private static boolean isProcessed(Admin admin, String group, Map<TopicPartition, Long> requests)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        return requests.entrySet().stream().allMatch(each -> {
            OffsetAndMetadata offset = committed.get(each.getKey());
            return offset != null && offset.offset() > each.getValue();
        });
    }

    private void pollChangelog() {
        changelogReader.readToEnd(record -> {
            if (record.key().equals(runId)) {
                update(progress, record);
            } else if (record.key().equals(SlotKey.runPrefix(runId))) {
                update(notes, record);
            }
        });
    }

    private void update(Map<Integer, PartitionProgress> newest, ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            newest.remove(record.partition());
        } else {
            newest.put(record.partition(), serde.deserializer().deserialize(record.topic(), record.value()));
        }
    }

    @Override
    public void close() {
        changelogReader.close();
        serde.close();
    }
}
