package dev.precept.streams.maintenance;

import dev.precept.kafka.KafkaAccess;
import dev.precept.kafka.TopicReader;
import dev.precept.records.GenerationTask;
import dev.precept.records.LedgerRow;
import dev.precept.records.SlotRef;
import dev.precept.records.SlotState;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import dev.precept.streams.AvroSerde;
import dev.precept.streams.Changelog;
import dev.precept.streams.ledger.LedgerStores;
import dev.precept.streams.ledger.SlotKey;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the current task of every open slot of a run again, after a task or its answer was lost. This uses no attempt:
 * the ledger waits for that attempt and try, accepts one answer, and counts any other as stale. The topology must not run.
 *
 * @param reissued slots whose task was published again
 * @param lost slots whose task is no longer in its topic
 */
public record Redrive(int reissued, int lost) {
    private static final Logger log = LoggerFactory.getLogger(Redrive.class);

    /** The answer that a slot waits for. */
    private record Awaited(SlotState state, int attempt, int tryNumber) {
        boolean isAnsweredBy(SlotState answered, SlotRef ref) {
            return state == answered && attempt == ref.getAttempt() && tryNumber == ref.getTryNumber();
        }
    }

    /** Reads the ledger from its changelog and publishes the tasks; returns after the broker has acknowledged all. */
    public static Redrive reissueTasks(KafkaAccess kafka, String runId) throws InterruptedException {
        Map<String, Awaited> open = open(kafka, runId);
        int before = open.size();
        reissue(kafka, Topics.GENERATION_TASKS, SlotState.GENERATING, GenerationTask::getRef, open);
        reissue(
                kafka,
                Topics.JUDGING_TASKS,
                SlotState.JUDGING,
                task -> task.getCandidate().getTask().getRef(),
                open);
        open.keySet()
                .forEach(slot -> log.atWarn()
                        .addKeyValue("slot", slot)
                        .log("cannot reissue a task that is no longer in its topic"));
        return new Redrive(before - open.size(), open.size());
    }

    private static Map<String, Awaited> open(KafkaAccess kafka, String runId) throws InterruptedException {
        Map<String, Awaited> open = new HashMap<>();
        String changelog = Changelog.name(kafka, LedgerStores.ROWS);
        if (!Changelog.exists(kafka, changelog)) {
            return open; // the topology has never run
        }
        try (Serde<LedgerRow> rows = AvroSerde.of(LedgerRow.class)) {
            TopicReader.scan(kafka, kafka.partitionsOf(changelog), record -> {
                if (!record.key().startsWith(runId + "|")) {
                    return;
                }
                LedgerRow row =
                        record.value() == null ? null : rows.deserializer().deserialize(changelog, record.value());
                if (row != null && (row.getState() == SlotState.GENERATING || row.getState() == SlotState.JUDGING)) {
                    open.put(record.key(), new Awaited(row.getState(), row.getAttempt(), row.getTryNumber()));
                } else {
                    open.remove(record.key());
                }
            });
        }
        return open;
    }

    private static <T extends SpecificRecord> void reissue(
            KafkaAccess kafka, Topic<T> topic, SlotState state, Function<T, SlotRef> ref, Map<String, Awaited> open)
            throws InterruptedException {
        String name = kafka.namespace().name(topic);
        try (Deserializer<T> tasks = kafka.serdes().deserializer(topic);
                Producer<String, SpecificRecord> producer = kafka.producer("redrive")) {
            TopicReader.scan(kafka, kafka.partitionsOf(name), record -> {
                T task;
                try {
                    task = tasks.deserialize(name, record.value());
                } catch (SerializationException e) {
                    return; // the worker has reported it as a dead letter
                }
                SlotRef slot = ref.apply(task);
                String key = SlotKey.row(slot);
                Awaited awaited = open.get(key);
                if (awaited != null && awaited.isAnsweredBy(state, slot)) {
                    open.remove(key);
                    send(producer, new ProducerRecord<>(name, record.key(), task));
                }
            });
        }
    }

    private static void send(Producer<String, SpecificRecord> producer, ProducerRecord<String, SpecificRecord> task)
            throws InterruptedException {
        try {
            producer.send(task).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot reissue a task", e.getCause());
        }
    }
}
