package dev.precept.streams.maintenance;

import dev.precept.consumer.CommittedOffsets;
import dev.precept.kafka.KafkaAccess;
import dev.precept.kafka.TopicReader;
import dev.precept.records.SlotRef;
import dev.precept.streams.ledger.SlotKey;
import dev.precept.streams.maintenance.OpenSlots.Awaited;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the tasks of open slots in their topics. A slot is stuck if the workers have finished every task that it waits for;
 * its task is then published again, as it is in its topic, or made again from the prompt or candidate. Not thread-safe.
 */
final class StuckTasks implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StuckTasks.class);

    private final KafkaAccess kafka;
    private final String runId;
    private final Map<TopicPartition, CommittedOffsets> finished;
    private final TaskPublisher publisher;
    private long reissued;
    private long pending;
    private long lost;

    /** @param finished by partition of the task topics */
    StuckTasks(KafkaAccess kafka, String runId, Map<TopicPartition, CommittedOffsets> finished) {
        this.kafka = kafka;
        this.runId = runId;
        this.finished = finished;
        this.publisher = new TaskPublisher(kafka);
    }

    /** What is known of an open slot's task. */
    private static final class Search {
        private final Awaited awaited;
        private boolean pending;
        private @Nullable TopicPartition partition;
        private long offset;

        Search(Awaited awaited) {
            this.awaited = awaited;
        }
    }

    Redrive result() {
        return new Redrive(reissued, pending, lost, 0);
    }

    /** Publishes the tasks of those slots that are stuck; returns after the broker has acknowledged all. */
    void reissue(Map<SlotHash, Awaited> open) {
        Map<SlotHash, Search> searches = new HashMap<>();
        open.forEach((slot, awaited) -> searches.put(slot, new Search(awaited)));
        TaskKind.ALL.forEach(kind -> search(kind, searches));

        Map<TopicPartition, NavigableSet<Long>> found = new HashMap<>();
        Map<SlotHash, Awaited> missing = new HashMap<>();
        searches.forEach((slot, search) -> {
            if (search.pending) {
                pending++;
            } else if (search.partition == null) {
                missing.put(slot, search.awaited);
            } else {
                found.computeIfAbsent(search.partition, partition -> new TreeSet<>())
                        .add(search.offset);
            }
        });
        reissued += publisher.copy(found);
        if (!missing.isEmpty()) {
            reissued += new TaskRebuild(kafka, runId, publisher).publish(missing);
            lost += missing.size();
        }
        publisher.awaitAcknowledged();
    }

    private <T extends SpecificRecord> void search(TaskKind<T> kind, Map<SlotHash, Search> searches) {
        Set<Integer> prompts = searches.values().stream()
                .filter(search -> search.awaited.state() == kind.state())
                .map(search -> search.awaited.promptHash())
                .collect(Collectors.toSet());
        if (prompts.isEmpty()) {
            return;
        }
        String topic = kafka.namespace().name(kind.topic());
        try (Deserializer<T> tasks = kafka.serdes().deserializer(kind.topic())) {
            TopicReader.scan(kafka, kafka.partitionsOf(topic), record -> {
                // The key is the prompt id: most tasks need not be decoded.
                if (record.key() != null && prompts.contains(record.key().hashCode())) {
                    match(kind, tasks, record, searches);
                }
            });
        }
    }

    private <T extends SpecificRecord> void match(
            TaskKind<T> kind,
            Deserializer<T> tasks,
            ConsumerRecord<String, byte[]> record,
            Map<SlotHash, Search> searches) {
        T task;
        try {
            task = tasks.deserialize(record.topic(), record.value());
        } catch (SerializationException e) {
            log.atWarn()
                    .addKeyValue("partition", record.topic() + "-" + record.partition())
                    .addKeyValue("offset", record.offset())
                    .log("a task cannot be decoded");
            return;
        }
        SlotRef ref = kind.ref(task);
        Search search = searches.get(SlotHash.of(SlotKey.row(ref)));
        if (search == null || !search.awaited.isAnsweredBy(kind.state(), ref, kind.round(task))) {
            return;
        }
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        CommittedOffsets done = finished.get(partition);
        search.pending |= done == null || !done.isFinished(record.offset());
        search.partition = partition;
        search.offset = record.offset();
    }

    @Override
    public void close() {
        publisher.close();
    }
}
