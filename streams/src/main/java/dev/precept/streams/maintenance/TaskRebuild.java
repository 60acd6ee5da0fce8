package dev.precept.streams.maintenance;

import dev.precept.kafka.KafkaAccess;
import dev.precept.kafka.TopicReader;
import dev.precept.records.Candidate;
import dev.precept.records.Completion;
import dev.precept.records.GenerationTask;
import dev.precept.records.JudgingTask;
import dev.precept.records.LedgerRow;
import dev.precept.records.Prompt;
import dev.precept.records.Repair;
import dev.precept.records.SlotRef;
import dev.precept.records.SlotState;
import dev.precept.schemas.ContentId;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import dev.precept.streams.AvroSerde;
import dev.precept.streams.Changelog;
import dev.precept.streams.ledger.JudgingRequest;
import dev.precept.streams.ledger.LedgerStores;
import dev.precept.streams.ledger.SlotKey;
import dev.precept.streams.maintenance.OpenSlots.Awaited;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Makes tasks again that are missing in their topic or cannot be decoded: a generation task from the prompt, and of a repair
 * from the row of the ledger too; a judging task from the candidate.
 */
final class TaskRebuild {
    private final KafkaAccess kafka;
    private final String runId;
    private final TaskPublisher publisher;

    TaskRebuild(KafkaAccess kafka, String runId, TaskPublisher publisher) {
        this.kafka = kafka;
        this.runId = runId;
        this.publisher = publisher;
    }

    /** Publishes what it can make again and removes it from {@code missing}; returns how many tasks that were. */
    long publish(Map<SlotHash, Awaited> missing) {
        long before = missing.size();
        Map<SlotHash, Repair> repairs = repairs(missing);
        try (Serializer<GenerationTask> generation = kafka.serdes().serializer(Topics.GENERATION_TASKS);
                Serializer<JudgingTask> judging = kafka.serdes().serializer(Topics.JUDGING_TASKS)) {
            scan(Topics.PROMPTS, SlotState.GENERATING, missing, (key, event) -> {
                if (event.getRunId().equals(runId) && event.getBody() instanceof Prompt prompt) {
                    publish(prompt, missing, repairs, generation);
                }
            });
            scan(
                    Topics.CANDIDATES,
                    SlotState.JUDGING,
                    missing,
                    (key, candidate) -> publish(candidate, missing, judging));
        }
        return before - missing.size();
    }

    private Map<SlotHash, Repair> repairs(Map<SlotHash, Awaited> missing) {
        Map<SlotHash, Repair> repairs = new HashMap<>();
        if (missing.values().stream().noneMatch(Awaited::repair)) {
            return repairs;
        }
        String changelog = Changelog.name(kafka, LedgerStores.ROWS);
        String prefix = SlotKey.runPrefix(runId);
        try (Serde<LedgerRow> rows = AvroSerde.of(LedgerRow.class)) {
            TopicReader.scan(kafka, kafka.partitionsOf(changelog), record -> {
                if (!record.key().startsWith(prefix) || record.value() == null) {
                    return;
                }
                SlotHash slot = SlotHash.of(record.key());
                Awaited awaited = missing.get(slot);
                if (awaited != null && awaited.repair()) {
                    LedgerRow row = rows.deserializer().deserialize(changelog, record.value());
                    if (row.getRepair() != null && row.getAttempt() == awaited.attempt()) {
                        repairs.put(slot, row.getRepair());
                    }
                }
            });
        }
        return repairs;
    }

    private void publish(
            Prompt prompt,
            Map<SlotHash, Awaited> missing,
            Map<SlotHash, Repair> repairs,
            Serializer<GenerationTask> serializer) {
        String topic = kafka.namespace().name(Topics.GENERATION_TASKS);
        int limit = prompt.getRunParameters().getMaxTokens();
        for (int slot = 0; slot < prompt.getRunParameters().getSamples(); slot++) {
            SlotHash hash = SlotHash.of(SlotKey.row(runId, prompt.getPromptId(), prompt.getOrigin(), slot));
            Awaited awaited = missing.get(hash);
            if (awaited != null && awaited.state() == SlotState.GENERATING) {
                SlotRef ref = new SlotRef(
                        runId, prompt.getPromptId(), prompt.getOrigin(), slot, awaited.attempt(), awaited.tryNumber());
                // A larger try gets the full larger limit; if that is refused, the attempt ends as truncated.
                GenerationTask task = new GenerationTask(
                        ref, prompt, awaited.tryNumber() == 1 ? limit : 2 * limit, repairs.get(hash));
                publisher.send(topic, prompt.getPromptId(), serializer.serialize(topic, task));
                missing.remove(hash);
            }
        }
    }

    private void publish(Candidate candidate, Map<SlotHash, Awaited> missing, Serializer<JudgingTask> serializer) {
        String topic = kafka.namespace().name(Topics.JUDGING_TASKS);
        SlotRef ref = candidate.getTask().getRef();
        SlotHash hash = SlotHash.of(SlotKey.row(ref));
        Awaited awaited = missing.get(hash);
        if (awaited != null
                && awaited.isAnsweredBy(SlotState.JUDGING, ref, awaited.round())
                && candidate.getOutcome() instanceof Completion completion
                && ContentId.ofCompletion(completion).equals(awaited.candidateSha256())) {
            JudgingTask task = JudgingRequest.of(candidate, awaited.round());
            publisher.send(topic, ref.getPromptId(), serializer.serialize(topic, task));
            missing.remove(hash);
        }
    }

    private <V extends SpecificRecord> void scan(
            Topic<V> topic, SlotState state, Map<SlotHash, Awaited> missing, BiConsumer<String, V> visitor) {
        Set<Integer> prompts = missing.values().stream()
                .filter(awaited -> awaited.state() == state)
                .map(Awaited::promptHash)
                .collect(Collectors.toSet());
        if (prompts.isEmpty()) {
            return;
        }
        String name = kafka.namespace().name(topic);
        try (Deserializer<V> values = kafka.serdes().deserializer(topic)) {
            TopicReader.scan(kafka, kafka.partitionsOf(name), record -> {
                if (record.key() == null || !prompts.contains(record.key().hashCode())) {
                    return;
                }
                V value;
                try {
                    value = values.deserialize(name, record.value());
                } catch (SerializationException e) {
                    return; // its reader has written a dead letter
                }
                visitor.accept(record.key(), value);
            });
        }
    }
}
