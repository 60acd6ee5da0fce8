package dev.precept.streams;

import dev.precept.content.Sha256;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.Candidate;
import dev.precept.records.GenerationTask;
import dev.precept.records.JudgingTask;
import dev.precept.records.Prompt;
import dev.precept.records.Reason;
import dev.precept.records.SlotRef;
import dev.precept.records.Verdict;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import dev.precept.streams.TopicReader.PartitionedValue;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A generator and a judge whose answers are a function of the attempt, so that the end of every slot is known beforehand.
 * They say every third thing twice, as workers do after a crash.
 */
final class FakeWorkers implements AutoCloseable {
    private final KafkaAccess kafka;
    private final Thread thread;
    private volatile boolean stopped;

    FakeWorkers(KafkaAccess kafka) {
        this.kafka = kafka;
        this.thread = Thread.ofPlatform().name("fake-workers").start(this::work);
    }

    private enum AttemptOutcome {
        FALLS_AT_SCREEN,
        FALLS_AT_JUDGE,
        IS_KEPT
    }

    private static AttemptOutcome fate(String promptId, int slot, int attempt) {
        return switch (Character.digit(
                        Sha256.hex(promptId + slot + "/" + attempt).charAt(0), 16)
                % 4) {
            case 0 -> AttemptOutcome.FALLS_AT_SCREEN;
            case 1 -> AttemptOutcome.FALLS_AT_JUDGE;
            default -> AttemptOutcome.IS_KEPT;
        };
    }

    /** How a slot must end: the attempt that is kept, or the reason. */
    static String end(Prompt prompt, int slot) {
        String reason = Reason.NO_REASONING.name();
        for (int attempt = 1; attempt <= prompt.getRunParameters().getAttempts(); attempt++) {
            switch (fate(prompt.getPromptId(), slot, attempt)) {
                case IS_KEPT -> {
                    return "kept " + attempt;
                }
                case FALLS_AT_JUDGE -> reason = Reason.LOW_SCORE.name();
                case FALLS_AT_SCREEN -> {}
            }
        }
        return reason;
    }

    private static AttemptOutcome fate(GenerationTask task) {
        SlotRef ref = task.getRef();
        return fate(ref.getPromptId(), ref.getSlot(), ref.getAttempt());
    }

    private void work() {
        try (TopicReader<GenerationTask> generation = new TopicReader<>(kafka, Topics.GENERATION_TASKS);
                TopicReader<JudgingTask> judging = new TopicReader<>(kafka, Topics.JUDGING_TASKS);
                Producer<String, SpecificRecord> producer = kafka.producer("fake-workers")) {
            long said = 0;
            while (!stopped) {
                for (PartitionedValue<GenerationTask> task : generation.more()) {
                    Candidate candidate = fate(task.value()) == AttemptOutcome.FALLS_AT_SCREEN
                            ? ScriptedEvents.finished(task.value(), "stop", null, "so")
                            : ScriptedEvents.completed(task.value(), "So.");
                    said += say(producer, Topics.CANDIDATES, task.value(), candidate, said);
                }
                for (PartitionedValue<JudgingTask> task : judging.more()) {
                    GenerationTask asked = task.value().getCandidate().getTask();
                    Verdict verdict = fate(asked) == AttemptOutcome.IS_KEPT
                            ? ScriptedEvents.judged(task.value(), 9, 9)
                            : ScriptedEvents.judged(task.value(), 2);
                    said += say(producer, Topics.VERDICTS, asked, verdict, said);
                }
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a lost answer leaves the test waiting, and it fails
    private int say(
            Producer<String, SpecificRecord> producer,
            Topic<?> topic,
            GenerationTask asked,
            SpecificRecord answer,
            long said) {
        int times = said % 3 == 0 ? 2 : 1;
        for (int i = 0; i < times; i++) {
            producer.send(new ProducerRecord<>(
                    kafka.namespace().name(topic), asked.getRef().getPromptId(), answer));
        }
        return times;
    }

    @Override
    public void close() {
        stopped = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
