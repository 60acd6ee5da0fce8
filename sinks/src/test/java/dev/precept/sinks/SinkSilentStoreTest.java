package dev.precept.sinks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.dataset.Dataset;
import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.EmbeddedBroker;
import dev.precept.kafka.KafkaAccess;
import dev.precept.runtime.Membership;
import dev.precept.testkit.Oracle;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that accepts connections and does not answer: the loop keeps polling, and the sink reports an outage. */
@Tag("slow")
class SinkSilentStoreTest {
    private static final Duration BUDGET = Duration.ofMillis(200);
    private static final Duration POLLS_WITHIN = Duration.ofSeconds(2);

    @TempDir
    static Path folder;

    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void theLoopPollsWhileACommitIsNotAnswered() throws Exception {
        try (SilentStore store = store("commit");
                SinkFixture sink = sink("commit", store)) {
            sink.app().start();
            sink.stream().publish(20);
            awaitSpooled("commit");
            store.fallSilent();
            sink.stream().end();
            awaitOutage(sink, store);
            store.answer();
            SampleStream.awaitEnd(sink.dataset());
            requireComplete(sink);
        }
    }

    @Test
    void theLoopPollsWhileTheSearchForTheHeadIsNotAnswered() throws Exception {
        try (SilentStore store = store("head");
                SinkFixture sink = sink("head", store)) {
            store.fallSilent();
            sink.stream().publish(20);
            sink.stream().end();
            sink.app().start();
            awaitOutage(sink, store);
            assertThat(sink.app().startupProblem()).isEmpty();
            store.answer();
            SampleStream.awaitEnd(sink.dataset());
            requireComplete(sink);
        }
    }

    @Test
    void aPartitionThatMovesDuringTheSearchForItsHeadHasOneOwner() throws Exception {
        try (SilentStore store = store("moved");
                SinkFixture sink = sink("moved", store)) {
            store.fallSilent();
            sink.stream().publish(20);
            sink.app().start();
            awaitOutage(sink, store);
            SinkApp other = new SinkApp(
                    sink.kafka(),
                    Membership.staticMember(1),
                    DatasetTopics.ensure(sink.kafka(), (short) 1),
                    Dataset.openExisting(sink.dataset()),
                    folder.resolve("moved/other"),
                    SinkFixture.LATE,
                    new CompositeMeterRegistry(),
                    CrashPoint.NONE,
                    BUDGET);
            try {
                other.start();
                awaitOnePartitionEach(sink.kafka());
                store.answer();
                sink.stream().publish(20);
                sink.stream().end();
                SampleStream.awaitEnd(sink.dataset());
                requireComplete(sink);
                assertThat(sink.app().failure()).isEmpty();
                assertThat(other.failure()).isEmpty();
            } finally {
                other.close();
            }
        }
    }

    @Test
    void aSinkStopsThoughItsLastCommitIsNotAnswered() throws Exception {
        try (SilentStore store = store("stop")) {
            SinkFixture sink = sink("stop", store);
            sink.app().start();
            sink.stream().publish(20);
            awaitSpooled("stop");
            store.fallSilent();
            long before = System.nanoTime();
            sink.app().close();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));
            assertThat(sink.app().failure()).isEmpty();
            assertThat(store.waited()).isPositive();
            sink.stream().close();
        }
    }

    private static void awaitOnePartitionEach(KafkaAccess kafka) {
        String group = kafka.namespace().group(SinkApp.ROLE);
        try (Admin admin = kafka.admin()) {
            Awaitility.await("two sinks with one partition each")
                    .atMost(SinkFixture.PATIENCE)
                    .until(() -> partitions(admin, group), List.of(1, 1)::equals);
        }
    }

    /** The number of partitions of each member. */
    private static List<Integer> partitions(Admin admin, String group) throws ExecutionException, InterruptedException {
        return admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
                .flatMap(each -> each.members().stream())
                .map(member -> member.assignment().topicPartitions().size())
                .toList();
    }

    private static SilentStore store(String name) throws Exception {
        Path dataset = folder.resolve(name).resolve("dataset");
        assertThat(Dataset.open(dataset, 1).partitions()).isEqualTo(1);
        return new SilentStore(dataset);
    }

    private static SinkFixture sink(String name, SilentStore store) throws Exception {
        Path own = folder.resolve(name);
        return new SinkFixture(
                broker.address(),
                own,
                name,
                SinkFixture.LATE,
                own.resolve("dataset"),
                own.resolve("spool"),
                Dataset.openExisting(store),
                BUDGET);
    }

    private static void awaitSpooled(String name) {
        Path spool = folder.resolve(name).resolve("spool/sink-0");
        Awaitility.await()
                .atMost(SinkFixture.PATIENCE)
                .until(() -> spool.toFile().list().length == 1);
    }

    private static void awaitOutage(SinkFixture sink, SilentStore store) {
        assertThat(sink.awaitNotReady()).contains("dataset " + store.location()).contains("not answered");
        Awaitility.await("the loop to poll")
                .during(Duration.ofMillis(600))
                .atMost(SinkFixture.PATIENCE)
                .until(() -> sink.app().timeSinceLastPoll().compareTo(POLLS_WITHIN) < 0);
        assertThat(sink.app().readinessProblem()).isPresent();
        assertThat(store.waited()).isPositive();
    }

    private static void requireComplete(SinkFixture sink) {
        Oracle oracle = new Oracle(sink.dataset());
        assertThat(oracle.problems()).isEmpty();
        assertThat(oracle.committedSamples())
                .containsExactlyInAnyOrderElementsOf(sink.stream().expected());
        Awaitility.await("the sink to resume")
                .atMost(SinkFixture.PATIENCE)
                .until(() -> sink.app().readinessProblem().isEmpty());
    }
}
