package dev.precept.workers;

import dev.precept.consumer.ConcurrentConsumer;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.JudgingTaskHandler;
import dev.precept.judging.ModelAccess;
import dev.precept.judging.TaskHandler;
import dev.precept.judging.canary.Canaries;
import dev.precept.judging.canary.CanaryJudge;
import dev.precept.kafka.GroupHealth;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.DeadLetter;
import dev.precept.runtime.App;
import dev.precept.runtime.LoopThread;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Runs one worker in one role: consumes tasks, calls the model, and publishes results and spend. */
public final class WorkerApp<T extends SpecificRecord, R extends SpecificRecord> implements App {
    private static final Duration HANDOVER = Duration.ofSeconds(3);
    /** Tasks beyond the concurrency, so that the next call starts before the last one is acknowledged. */
    private static final int MIN_QUEUED = 16;

    private final KafkaAccess kafka;
    private final TaskHandler<T, R> handler;
    private final @Nullable CanaryJudge canaryJudge;
    private final ModelAccess model;
    private final SpecificationTopic specifications;
    private final Producer<String, SpecificRecord> producer;
    private final Deserializer<T> deserializer;
    private final ConcurrentConsumer<byte[]> consumer;
    private final LoopThread thread;
    private final SpendReporter spendReporter;
    private final Counter deadLetters;
    private final Duration drain;

    private WorkerApp(RoleContext role, TaskHandler<T, R> handler, @Nullable CanaryJudge canaryJudge) {
        WorkerContext worker = role.worker();
        this.kafka = worker.kafka();
        this.handler = handler;
        this.canaryJudge = canaryJudge;
        this.model = role.model();
        this.specifications = role.specifications();
        this.drain = worker.drain();
        this.deadLetters = Counter.builder("precept.dead.letters")
                .description("records that could not be decoded")
                .tag("step", handler.name())
                .register(worker.meters());
        String member = worker.membership().name(handler.name());
        this.producer = kafka.producer(member);
        this.spendReporter = new SpendReporter(
                kafka, producer, model, new RunStateReader(kafka, model.spendKey(), model.runGuard()));
        this.deserializer = kafka.serdes().deserializer(handler.taskTopic());
        Map<String, Object> settings = worker.membership().consumerSettings(handler.name());
        settings.put("group.id", kafka.namespace().group(handler.name()));
        settings.put("max.poll.records", 500);
        settings.put("partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
        // The first worker of a dataset reads a task topic from its beginning.
        settings.put("auto.offset.reset", "earliest");
        this.consumer = new ConcurrentConsumer<>(
                kafka.consumer(member, settings),
                role.concurrency() + Math.max(MIN_QUEUED, role.concurrency() / 4),
                HANDOVER,
                drain,
                this::handle);
        String topic = kafka.namespace().name(handler.taskTopic());
        this.thread = new LoopThread(member, () -> consumer.run(topic), consumer::stop);
    }

    public static WorkerApp<?, ?> generator(WorkerContext worker, EndpointSettings settings) {
        RoleContext role =
                RoleContext.create(GenerationTaskHandler.NAME, worker, settings, GenerationTaskHandler::isCompletion);
        return new WorkerApp<>(role, role.generator(), null);
    }

    /** @param canaries judged beside the tasks; may be empty */
    public static WorkerApp<?, ?> judge(WorkerContext worker, EndpointSettings settings, Canaries canaries) {
        RoleContext role = RoleContext.create(JudgingTaskHandler.NAME, worker, settings, JudgingTaskHandler::isVote);
        if (canaries.size() == 0) {
            return new WorkerApp<>(role, role.judge(), null);
        }
        CanaryJudge canaryJudge = role.canaryJudge(canaries);
        return new WorkerApp<>(role, canaryJudge, canaryJudge);
    }

    @Override
    public String name() {
        return handler.name();
    }

    @Override
    public void start() {
        spendReporter.start();
        thread.start();
    }

    @Override
    public Optional<String> readinessProblem() {
        return GroupHealth.heartbeatProblem(consumer.consumerMetrics()).or(model::outage);
    }

    @Override
    public Optional<String> startupProblem() {
        return consumer.hasJoined() ? Optional.empty() : Optional.of("waiting for the first partition assignment");
    }

    @Override
    public Duration timeSinceLastPoll() {
        return consumer.timeSinceLastPoll();
    }

    /** The results of this process's canaries, in one line; empty if none was judged. */
    public Optional<String> canarySummary() {
        return Optional.ofNullable(canaryJudge).flatMap(CanaryJudge::summary);
    }

    public int callsInFlight() {
        return model.callsInFlight();
    }

    @Override
    public Optional<Throwable> failure() {
        return thread.failure();
    }

    private void handle(ConsumerRecord<String, byte[]> record) throws InterruptedException {
        T task;
        try {
            task = decode(record);
        } catch (SerializationException e) {
            String key = record.topic() + "-" + record.partition() + "-" + record.offset();
            publish(
                    Topics.DEAD_LETTERS,
                    key,
                    new DeadLetter(
                            record.topic(),
                            record.partition(),
                            record.offset(),
                            handler.name(),
                            String.valueOf(e.getMessage())));
            deadLetters.increment();
            return;
        }
        publish(handler.resultTopic(), record.key(), handler.handle(task));
    }

    private T decode(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            throw new SerializationException("no value");
        }
        synchronized (deserializer) { // deserializers are not thread-safe
            return deserializer.deserialize(record.topic(), record.value());
        }
    }

    /** Returns once the broker has acknowledged the record. */
    private void publish(Topic<?> topic, String key, SpecificRecord value) throws InterruptedException {
        try {
            producer.send(new ProducerRecord<>(kafka.namespace().name(topic), key, value))
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot publish to " + topic.name(), e.getCause());
        }
    }

    @Override
    public void close() {
        long deadline = System.nanoTime() + drain.toNanos();
        if (canaryJudge != null) {
            canaryJudge.stop();
        }
        model.stop();
        thread.close();
        boolean interrupted = Thread.interrupted(); // an interrupted producer would drop the last spend record
        if (canaryJudge != null) {
            interrupted |= awaitIdle(canaryJudge, deadline); // canaries are part of the last spend record
        }
        spendReporter.close();
        producer.close();
        deserializer.close();
        specifications.close();
        model.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return whether the thread was interrupted, which does not end the wait */
    private static boolean awaitIdle(CanaryJudge canaryJudge, long deadline) {
        boolean interrupted = false;
        while (true) {
            try {
                canaryJudge.awaitIdle(deadline);
                return interrupted;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }
}
