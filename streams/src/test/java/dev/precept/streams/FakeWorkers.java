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
import dev.precept.streams.TopicFollower.PartitionedValue;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A generator and a judge whose answers are a function of the attempt, so that the outcome of every slot is known in
 * advance. They publish every third answer twice, as workers do after a crash.
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
        FAILS_SCREEN,
        FAILS_JUDGING,
        ACCEPTED
    }

    private static AttemptOutcome outcome(String promptId, int slot, int attempt) {
        return switch (Character.digit(
                        Sha256.hex(promptId + slot + "/" + attempt).charAt(0), 16)
                % 4) {
            case 0 -> AttemptOutcome.FAILS_SCREEN;
            case 1 -> AttemptOutcome.FAILS_JUDGING;
            default -> AttemptOutcome.ACCEPTED;
        };
    }

    /** The expected outcome of a slot: the accepted attempt, or the reason of the rejection. */
    static String end(Prompt prompt, int slot) {
        String reason = Reason.NO_REASONING.name();
        for (int attempt = 1; attempt <= prompt.getRunParameters().getAttempts(); attempt++) {
            switch (outcome(prompt.getPromptId(), slot, attempt)) {
                case ACCEPTED -> {
                    return "accepted " + attempt;
                }
                case FAILS_JUDGING -> reason = Reason.LOW_SCORE.name();
                case FAILS_SCREEN -> {}
            }
        }
        return reason;
    }

    private static AttemptOutcome outcome(GenerationTask task) {
        SlotRef ref = task.getRef();
        return outcome(ref.getPromptId(), ref.getSlot(), ref.getAttempt());
    }

    private void work() {
        try (TopicFollower<GenerationTask> generation = new TopicFollower<>(kafka, Topics.GENERATION_TASKS);
                TopicFollower<JudgingTask> judging = new TopicFollower<>(kafka, Topics.JUDGING_TASKS);
                Producer<String, SpecificRecord> producer = kafka.producer("fake-workers")) {
            long published = 0;
            while (!stopped) {
                for (PartitionedValue<GenerationTask> task : generation.more()) {
                    Candidate candidate = outcome(task.value()) == AttemptOutcome.FAILS_SCREEN
                            ? ScriptedEvents.finished(task.value(), "stop", null, "so")
                            : ScriptedEvents.completed(task.value(), "So.");
                    published += publish(producer, Topics.CANDIDATES, task.value(), candidate, published);
                }
                for (PartitionedValue<JudgingTask> task : judging.more()) {
                    GenerationTask generated = task.value().getCandidate().getTask();
                    Verdict verdict = outcome(generated) == AttemptOutcome.ACCEPTED
                            ? ScriptedEvents.judged(task.value(), 9, 9)
                            : ScriptedEvents.judged(task.value(), 2);
                    published += publish(producer, Topics.VERDICTS, generated, verdict, published);
                }
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a lost answer leaves the test waiting, and it fails
    private int publish(
            Producer<String, SpecificRecord> producer,
            Topic<?> topic,
            GenerationTask task,
            SpecificRecord answer,
            long published) {
        int times = published % 3 == 0 ? 2 : 1;
        for (int i = 0; i < times; i++) {
            producer.send(new ProducerRecord<>(
                    kafka.namespace().name(topic), task.getRef().getPromptId(), answer));
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
