package dev.precept.workers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.judging.ScriptedModel;
import dev.precept.judging.ScriptedModel.ScriptedReply;
import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.EmbeddedBroker;
import dev.precept.model.Secret;
import dev.precept.records.Candidate;
import dev.precept.records.Completion;
import dev.precept.records.Failure;
import dev.precept.records.Reason;
import dev.precept.runtime.Membership;
import dev.precept.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One task in twenty always fails at a healthy server: the others are not delayed, and the run comes to its end. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class PoisonedTasksTest {
    private static final Duration CALL = Duration.ofMillis(50);
    private static final int CONCURRENCY = 8;

    @TempDir
    static Path folder;

    private static EmbeddedBroker broker;
    private static ScriptedModel model;

    @BeforeAll
    static void start() throws IOException {
        broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
        model = new ScriptedModel();
    }

    @AfterAll
    static void stop() {
        model.close();
        broker.close();
    }

    /** The time until all good tasks are answered, and until all tasks have ended. */
    private record Times(Duration good, Duration all, int poisonedCalls) {}

    private static Times run(int tasks, int status) throws Exception {
        TestTopics topics = TestTopics.make(broker, folder.resolve("n" + tasks + "-" + status), "p" + tasks + status);
        AtomicInteger poisonedCalls = new AtomicInteger();
        AtomicInteger good = new AtomicInteger();
        model.script(request -> {
            if (ScriptedModel.text(request).contains("POISON")) {
                poisonedCalls.incrementAndGet();
                return new ScriptedReply(status, "{\"error\":{\"message\":\"the grammar does not compile\"}}");
            }
            good.incrementAndGet();
            LockSupport.parkNanos(CALL.toNanos());
            return ScriptedReply.completion("[kind]", "Yes.");
        });
        List<Future<?>> sent = new ArrayList<>();
        try (Producer<String, SpecificRecord> producer = topics.kafka().producer("test")) {
            String topic = topics.kafka().namespace().name(Topics.GENERATION_TASKS);
            for (int i = 0; i < tasks; i++) {
                String question = (i % 20 == 19 ? "POISON " : "Question ") + i;
                sent.add(producer.send(
                        new ProducerRecord<>(topic, "p" + i, topics.fixture().generation("p" + i, question, null))));
            }
            for (Future<?> one : sent) {
                one.get();
            }
        }
        WorkerContext context = new WorkerContext(
                topics.kafka(),
                "run-1",
                Membership.staticMember(0),
                WorkerContext.SHORT_DRAIN,
                new Secret("01"),
                Optional.empty(),
                new SimpleMeterRegistry());
        int expected = tasks - tasks / 20;
        try (WorkerApp<?, ?> worker = WorkerApp.generator(context, model.endpoint(CONCURRENCY));
                CompactedTopic<Candidate> candidates = new CompactedTopic<>(topics.kafka(), Topics.CANDIDATES)) {
            worker.start();
            long started = System.nanoTime();
            Awaitility.await()
                    .atMost(Duration.ofMinutes(4))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> candidates.readToEnd().values().stream()
                                    .filter(candidate -> candidate.getOutcome() instanceof Completion)
                                    .count()
                            == expected);
            Duration goodTime = Duration.ofNanos(System.nanoTime() - started);
            Awaitility.await()
                    .atMost(Duration.ofMinutes(4))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> candidates.readToEnd().size() == tasks);
            Duration allTime = Duration.ofNanos(System.nanoTime() - started);
            assertThat(candidates.readToEnd().values())
                    .filteredOn(candidate -> candidate.getOutcome() instanceof Failure)
                    .hasSize(tasks / 20)
                    .allSatisfy(candidate -> assertThat(candidate.getOutcome())
                            .isInstanceOfSatisfying(Failure.class, failure -> {
                                assertThat(failure.getReason()).isEqualTo(Reason.SERVER_FAILED);
                                assertThat(failure.getDetail()).contains("the grammar does not compile");
                            }));
            assertThat(worker.failure()).isEmpty();
            System.out.printf(
                    "status %d, %d tasks of %s at %d: the good ones after %s, all after %s, %d calls for %d poisoned%n",
                    status, tasks, CALL, CONCURRENCY, goodTime, allTime, poisonedCalls.get(), tasks / 20);
            return new Times(goodTime, allTime, poisonedCalls.get());
        }
    }

    @Test
    void poisonedTasksAreGivenUpAndTheOthersAreAnswered() throws Exception {
        Times times = run(60, 500);
        assertThat(times.poisonedCalls()).isLessThan(3 * 40);
    }

    @Test
    @Tag("large")
    void aThousandTasksPassPoisonedOnesAtFullSpeed() throws Exception {
        Duration ideal = CALL.multipliedBy(1_140 / CONCURRENCY);

        Times times = run(1_200, 500);

        assertThat(times.good()).isLessThan(ideal.multipliedBy(3));
    }
}
