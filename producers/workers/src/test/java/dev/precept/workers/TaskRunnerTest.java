package dev.precept.workers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.consumer.Permit;
import dev.precept.judging.Parking;
import dev.precept.judging.TaskHandler;
import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.EmbeddedBroker;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.Candidate;
import dev.precept.records.DeadLetter;
import dev.precept.records.Failure;
import dev.precept.records.GenerationTask;
import dev.precept.records.Generator;
import dev.precept.records.Reason;
import dev.precept.records.Usage;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A task that cannot be handled or published ends as a failed attempt; an outage of the broker is waited for. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class TaskRunnerTest {
    private static final String KEY = "p1";
    private static final Permit PERMIT = Permit.Wait::await;

    @TempDir
    Path folder;

    private EmbeddedBroker broker;
    private TestTopics topics;
    private KafkaAccess kafka;

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
        topics = TestTopics.make(broker, folder, "runner");
        kafka = topics.kafka();
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void aTaskThatCannotBeHandledOrPublishedIsADeadLetterAndAFailedAttempt() throws Exception {
        assertFailed(run(new Generating("the handler has a bug")), "the handler has a bug");
        assertFailed(run(new Generating("")), "The message is 4200");
        try (CompactedTopic<DeadLetter> dead = new CompactedTopic<>(kafka, Topics.DEAD_LETTERS)) {
            assertThat(dead.readToEnd().keySet()).containsExactly(taskTopic() + "-0-7");
        }
    }

    @Test
    @Tag("large")
    void aResultIsPublishedAfterAnOutageOfTheBroker() throws Exception {
        int port = Integer.parseInt(broker.address().substring(broker.address().indexOf(':') + 1));
        try (ResultPublisher publisher = new ResultPublisher(kafka, "worker", 8)) {
            broker.close();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<?> published = threads.submit(() -> {
                    publisher.publish(Topics.CANDIDATES, KEY, candidate(task(), "after"), PERMIT);
                    return null;
                });
                Awaitility.await().during(Duration.ofSeconds(1)).until(() -> !published.isDone());
                broker = EmbeddedBroker.start(folder.resolve("kafka"), port);
                published.get();
            }
        }
        assertFailed(latest(), "after");
    }

    private void assertFailed(Candidate candidate, String detail) {
        assertThat(candidate.getOutcome())
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure ->
                                assertThat(failure.getDetail()).contains(detail).hasSizeLessThan(2_000));
    }

    private Candidate run(Generating handler) throws Exception {
        try (ResultPublisher publisher = new ResultPublisher(kafka, "worker", 8);
                TaskRunner<GenerationTask, Candidate> runner = new TaskRunner<>(
                        kafka,
                        handler,
                        new OtherRuns(kafka, "generator", TestTopics.RUN),
                        publisher,
                        new SimpleMeterRegistry());
                Serializer<GenerationTask> serializer = kafka.serdes().serializer(Topics.GENERATION_TASKS)) {
            byte[] bytes = serializer.serialize(taskTopic(), task());
            runner.run(new ConsumerRecord<>(taskTopic(), 0, 7, KEY, bytes), PERMIT);
        }
        return latest();
    }

    private Candidate latest() {
        try (CompactedTopic<Candidate> candidates = new CompactedTopic<>(kafka, Topics.CANDIDATES)) {
            return Objects.requireNonNull(candidates.readToEnd().get(KEY));
        }
    }

    private String taskTopic() {
        return kafka.namespace().name(Topics.GENERATION_TASKS);
    }

    private GenerationTask task() {
        return topics.fixture().generation(KEY, "Will it work?", null);
    }

    private static Candidate candidate(GenerationTask task, String detail) {
        return Candidate.newBuilder()
                .setTask(task)
                .setGenerator(Generator.newBuilder()
                        .setModel("m")
                        .setEndpoint("e")
                        .setTemplate("t")
                        .setParams("{}")
                        .setSeed(1L)
                        .setUsage(new Usage(1L, 1L, 0L, 0L))
                        .setAttempts(1)
                        .build())
                .setOutcome(new Failure(Reason.MALFORMED, detail))
                .setCreatedAt(Instant.EPOCH)
                .build();
    }

    /** Fails with a message, or without one returns a result that is larger than a record may be. */
    private record Generating(String bug) implements TaskHandler<GenerationTask, Candidate> {
        @Override
        public String name() {
            return "generator";
        }

        @Override
        public Topic<GenerationTask> taskTopic() {
            return Topics.GENERATION_TASKS;
        }

        @Override
        public Topic<Candidate> resultTopic() {
            return Topics.CANDIDATES;
        }

        @Override
        public Candidate handle(GenerationTask task, Parking parking) {
            if (!bug.isEmpty()) {
                throw new IllegalStateException(bug);
            }
            return candidate(task, "x".repeat(4_200_000));
        }

        @Override
        public Candidate failed(GenerationTask task, String detail) {
            return candidate(task, detail);
        }
    }
}
