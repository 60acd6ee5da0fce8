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
 * Lets the rows go that the ledger holds of a run which is over everywhere. Only the topology can delete them, so it is
 * asked to, in its own log: what is asked waits there until a topology runs, and asked twice it is done once. Not
 * thread-safe.
 */
public final class LedgerExpiry implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(200);

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

    public LedgerExpiry(KafkaAccess kafka, String runId, int rowsAnEvent) throws InterruptedException {
        this.kafka = kafka;
        this.runId = runId;
        this.rowsPerEvent = rowsAnEvent;
        String changelog = Changelog.name(kafka, LedgerStores.PROGRESS);
        List<TopicPartition> partitions =
                Changelog.exists(kafka, changelog) ? kafka.partitionsOf(changelog) : List.of();
        changelogReader = new TopicReader(kafka, "expiry", partitions);
    }

    /** What came of the asking. */
    public enum Outcome {
        /** No row of the run is left. */
        DELETED,
        /** No process runs the topology; the next one that does will do it. */
        NOT_RUNNING,
        /** Whoever runs the topology has not come to it yet. */
        PENDING,
        /** Whoever runs the topology has read it and left rows where they are, as a version before this one does. */
        NOT_DELETED
    }

    /** Rows of the run that the ledger holds now and may let go; of a partition where the run is not complete, none. */
    public long deletableRows() {
        pollChangelog();
        return progress.keySet().stream().mapToLong(this::deletableRows).sum();
    }

    private long deletableRows(int partition) {
        return ClosedRun.deletableRows(progress.get(partition), notes.get(partition));
    }

    /**
     * Asks for all of it, and waits.
     *
     * @param patience how long the topology may do nothing of it before this gives up
     */
    public Outcome requestDeletion(Duration patience) throws InterruptedException {
        long left = deletableRows();
        if (left == 0) {
            return Outcome.DELETED;
        }
        String group = kafka.namespace().group(StreamsApp.ROLE);
        try (Admin admin = kafka.admin()) {
            Map<TopicPartition, Long> asked = publish();
            for (long since = System.nanoTime(); ; Thread.sleep(LOOK)) {
                // In this order: what is read after the commit was seen is at least what was committed.
                boolean read = isRead(admin, group, asked);
                long now = deletableRows();
                if (read && now == 0) {
                    return Outcome.DELETED;
                }
                if (!read && !GroupMembers.hasMembers(admin, group)) {
                    return Outcome.NOT_RUNNING;
                }
                if (now < left) {
                    left = now;
                    since = System.nanoTime();
                } else if (System.nanoTime() - since > patience.toNanos()) {
                    return read ? Outcome.NOT_DELETED : Outcome.PENDING;
                }
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot ask the topology to let run " + runId + " go", e.getCause());
        }
    }

    /** As many events as the rows of a partition need; answers the offset of the last on each. */
    private Map<TopicPartition, Long> publish() throws ExecutionException, InterruptedException {
        String topic = kafka.namespace().name(Topics.PROMPTS);
        Map<TopicPartition, Future<RecordMetadata>> sent = new HashMap<>();
        try (Producer<String, SpecificRecord> producer = kafka.producer("expiry")) {
            for (Map.Entry<Integer, PartitionProgress> each : progress.entrySet()) {
                int partition = each.getKey();
                PartitionProgress partitionProgress = each.getValue();
                for (long rows = deletableRows(partition); rows > 0; rows -= rowsPerEvent) {
                    // A version before takes it for a repetition: so it must say what has been said.
                    String source = partitionProgress.getSourcesEnded().getFirst();
                    PromptEvent close = new PromptEvent(
                            runId, new EndMarker(source, partition, partitionProgress.getSources(), true));
                    sent.put(
                            new TopicPartition(topic, partition),
                            producer.send(new ProducerRecord<>(topic, partition, source, close)));
                }
            }
            Map<TopicPartition, Long> asked = new HashMap<>();
            for (Map.Entry<TopicPartition, Future<RecordMetadata>> last : sent.entrySet()) {
                asked.put(last.getKey(), last.getValue().get().offset());
            }
            return asked;
        }
    }

    private static boolean isRead(Admin admin, String group, Map<TopicPartition, Long> asked)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        return asked.entrySet().stream().allMatch(each -> {
            OffsetAndMetadata offset = committed.get(each.getKey());
            return offset != null && offset.offset() > each.getValue();
        });
    }

    private void pollChangelog() {
        changelogReader.readToEnd(record -> {
            if (record.key().equals(runId)) {
                enter(progress, record);
            } else if (record.key().equals(SlotKey.runPrefix(runId))) {
                enter(notes, record);
            }
        });
    }

    private void enter(Map<Integer, PartitionProgress> newest, ConsumerRecord<String, byte[]> record) {
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
