package dev.precept.workers;

import dev.precept.consumer.Permit;
import dev.precept.judging.Excerpts;
import dev.precept.judging.TaskHandler;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.Candidate;
import dev.precept.records.DeadLetter;
import dev.precept.records.Failure;
import dev.precept.records.GenerationTask;
import dev.precept.records.JudgingTask;
import dev.precept.records.Verdict;
import dev.precept.schemas.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles the records of a task topic: decodes a task, has it handled, and publishes the result. A record that cannot be
 * handled is a dead letter, and its slot is invalid where it is known: it never ends the process. Thread-safe.
 */
final class TaskRunner<T extends SpecificRecord, R extends SpecificRecord> implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TaskRunner.class);
    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);
    private static final int MAX_MESSAGE = 1_000;

    private final TaskHandler<T, R> handler;
    private final OtherRuns otherRuns;
    private final ResultPublisher publisher;
    private final Deserializer<T> deserializer;
    private final Counter deadLetters;

    TaskRunner(
            KafkaAccess kafka,
            TaskHandler<T, R> handler,
            OtherRuns otherRuns,
            ResultPublisher publisher,
            MeterRegistry meters) {
        this.otherRuns = otherRuns;
        this.handler = handler;
        this.publisher = publisher;
        this.deserializer = kafka.serdes().deserializer(handler.taskTopic());
        this.deadLetters = Counter.builder("precept.dead.letters")
                .description("records that could not be decoded or handled")
                .tag("step", handler.name())
                .register(meters);
    }

    /** Returns once the result is stored, or the record is a dead letter. */
    void run(ConsumerRecord<String, byte[]> record, Permit permit) throws InterruptedException {
        T task;
        try {
            task = decode(record, permit);
        } catch (SerializationException e) {
            putAside(record, e, permit); // the slot is unknown and stays open
            return;
        }
        if (otherRuns.isOther(runId(task))) {
            end(record, task, permit);
            return;
        }
        R result;
        try {
            result = handler.handle(task, wait -> permit.park(wait::await));
        } catch (Excerpts.MismatchException e) {
            putAside(
                    record, e,
                    permit); // the task is not at fault: its slot stays open for a worker that has the excerpt
            return;
        } catch (RuntimeException | StackOverflowError e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while handling a task: " + e);
            }
            log.atError().setCause(e).log("the handler of a task failed");
            putAside(record, e, permit);
            result = handler.failed(task, shortened("the worker cannot handle the task: " + e));
        }
        publish(record, task, result, permit);
    }

    /** Ends a task of another run without a call, once that run makes none. */
    private void end(ConsumerRecord<String, byte[]> record, T task, Permit permit) throws InterruptedException {
        String runId = runId(task);
        AtomicReference<OtherRuns.Ending> ending =
                new AtomicReference<>(otherRuns.look(runId).orElse(null));
        if (ending.get() == null) {
            permit.park(() -> ending.set(otherRuns.awaitEnd(runId)));
        }
        if (ending.get() instanceof OtherRuns.Ending.Failed(Failure failure)) {
            publish(record, task, withFailure(handler.failed(task, failure.getDetail()), failure), permit);
        }
    }

    private static String runId(SpecificRecord task) {
        return switch (task) {
            case GenerationTask generation -> generation.getRef().getRunId();
            case JudgingTask judging ->
                judging.getCandidate().getTask().getRef().getRunId();
            default -> throw new IllegalArgumentException("no task: " + task.getClass());
        };
    }

    private R withFailure(R result, Failure failure) {
        switch (result) {
            case Candidate candidate -> {
                candidate.setOutcome(failure);
                candidate.setWorkerFailed(false);
            }
            case Verdict verdict -> {
                verdict.setFailure(failure);
                verdict.setWorkerFailed(false);
            }
            default -> throw new IllegalArgumentException("no result: " + result.getClass());
        }
        return result;
    }

    private void publish(ConsumerRecord<String, byte[]> record, T task, R result, Permit permit)
            throws InterruptedException {
        try {
            publisher.publish(handler.resultTopic(), record.key(), result, permit);
        } catch (ResultPublisher.UnpublishableException e) {
            putAside(record, e, permit);
            try {
                publisher.publish(
                        handler.resultTopic(),
                        record.key(),
                        handler.failed(task, shortened(String.valueOf(e.getMessage()))),
                        permit);
            } catch (ResultPublisher.UnpublishableException again) {
                log.atError().setCause(again).log("the failure cannot be published either; the slot stays open");
            }
        }
    }

    private T decode(ConsumerRecord<String, byte[]> record, Permit permit) throws InterruptedException {
        if (record.value() == null) {
            throw new SerializationException("no value");
        }
        while (true) {
            try {
                synchronized (deserializer) { // deserializers are not thread-safe
                    return deserializer.deserialize(record.topic(), record.value());
                }
            } catch (SerializationException e) {
                throw e;
            } catch (KafkaException e) {
                log.atWarn()
                        .addKeyValue("cause", String.valueOf(e.getMessage()))
                        .log("cannot decode a task; retrying");
                permit.park(RETRY_INTERVAL);
            }
        }
    }

    /** Publishes a dead letter: the coordinates of the record and the cause, never its content. */
    private void putAside(ConsumerRecord<String, byte[]> record, Throwable cause, Permit permit)
            throws InterruptedException {
        String position = record.topic() + "-" + record.partition() + "@" + record.offset();
        log.atError()
                .addKeyValue("record", position)
                .addKeyValue("cause", String.valueOf(cause.getMessage()))
                .log("a task cannot be handled; it is a dead letter");
        deadLetters.increment();
        try {
            publisher.publish(
                    Topics.DEAD_LETTERS,
                    record.topic() + "-" + record.partition() + "-" + record.offset(),
                    new DeadLetter(
                            record.topic(),
                            record.partition(),
                            record.offset(),
                            handler.name(),
                            shortened(String.valueOf(cause.getMessage()))),
                    permit);
        } catch (ResultPublisher.UnpublishableException e) {
            log.atError().setCause(e).addKeyValue("record", position).log("the dead letter cannot be published");
        }
    }

    private static String shortened(String message) {
        return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE) + "…";
    }

    @Override
    public void close() {
        deserializer.close();
    }
}
