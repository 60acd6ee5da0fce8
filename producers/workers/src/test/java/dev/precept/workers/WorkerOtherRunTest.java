package dev.precept.workers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.judging.ScriptedModel;
import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.EmbeddedBroker;
import dev.precept.kafka.KafkaAccess;
import dev.precept.model.Secret;
import dev.precept.records.Budget;
import dev.precept.records.Candidate;
import dev.precept.records.Completion;
import dev.precept.records.Cost;
import dev.precept.records.Failure;
import dev.precept.records.GenerationTask;
import dev.precept.records.Lease;
import dev.precept.records.PartitionProgress;
import dev.precept.records.Reason;
import dev.precept.records.Run;
import dev.precept.records.Spend;
import dev.precept.runtime.Membership;
import dev.precept.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A worker of run-2 meets tasks of run-1: it makes no call for them, whatever the state of that run. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class WorkerOtherRunTest {
    private static final int TASKS = 20;

    @TempDir
    static Path brokerFolder;

    @TempDir
    Path folder;

    private static EmbeddedBroker broker;
    private static ScriptedModel model;

    private TestTopics topics;
    private KafkaAccess kafka;

    @BeforeAll
    static void start() throws Exception {
        broker = EmbeddedBroker.start(brokerFolder, 0);
        model = new ScriptedModel();
    }

    @AfterAll
    static void stop() {
        model.close();
        broker.close();
    }

    @BeforeEach
    void publish(TestInfo test) throws Exception {
        topics = TestTopics.make(
                broker, folder, test.getTestMethod().orElseThrow().getName());
        kafka = topics.kafka();
        model.script(request -> ScriptedModel.ScriptedReply.completion("[kind]", "Yes."));
        topics.publishTasks(TASKS);
        GenerationTask own = topics.fixture().generation("own", "Mine?", null);
        own.getRef().setRunId("run-2");
        topics.publish(Topics.GENERATION_TASKS, "own", own);
        topics.publish(Topics.RUNS, "run-2", run("run-2", false, null));
    }

    @Test
    void tasksOfAnOpenRunWaitAndEndWithIt() throws Exception {
        topics.publish(Topics.RUNS, "run-1", run("run-1", false, new Budget(0.0, 1L, false)));
        WorkerApp<?, ?> worker = worker();
        try (CompactedTopic<Candidate> candidates = new CompactedTopic<>(kafka, Topics.CANDIDATES)) {
            worker.start();
            await(() -> candidates.readToEnd().containsKey("own"));
            await(() -> worker.readinessProblem()
                    .filter(why -> why.startsWith(TASKS + " tasks of run run-1 wait"))
                    .isPresent());
            assertThat(candidates.readToEnd()).containsOnlyKeys("own");

            topics.publish(Topics.RUNS, "run-1", run("run-1", true, null));

            await(() -> candidates.readToEnd().size() == TASKS + 1);
            worker.close();
            candidates
                    .readToEnd()
                    .forEach((key, candidate) -> assertThat(candidate.getOutcome())
                            .satisfies(outcome -> {
                                if (key.equals("own")) {
                                    assertThat(outcome).isInstanceOf(Completion.class);
                                } else {
                                    assertThat(outcome)
                                            .isEqualTo(new Failure(Reason.CANCELLED, "the run was cancelled"));
                                }
                            }));
        }
        assertThat(model.requests()).hasSize(1);
        assertThat(calls()).isEqualTo(Map.of("run-2", 1L));
    }

    @Test
    @Tag("large")
    void tasksOfACompleteRunEndWithoutAnAnswer() throws Exception {
        topics.publish(Topics.RUNS, "run-1", run("run-1", false, null));
        for (int partition = 0; partition < kafka.partitions(); partition++) {
            topics.publish(Topics.PROGRESS, "run-1|" + partition, complete(partition));
        }
        requireOnlyOwnAnswer();
    }

    @Test
    void tasksOfACleanedRunEndWithoutAnAnswer() throws Exception {
        requireOnlyOwnAnswer();
    }

    @Test
    @Tag("large")
    void tasksOfARunThatRejectsItsRestEndAsOverBudget() throws Exception {
        topics.publish(Topics.RUNS, "run-1", run("run-1", false, new Budget(null, 1L, true)));
        topics.publish(
                Topics.LEASES,
                "run-1|generator|generator-0|x",
                new Lease("run-1", 1L, new Cost(0.0, 1L), new Cost(0.0, 1L)));
        WorkerApp<?, ?> worker = worker();
        try (CompactedTopic<Candidate> candidates = new CompactedTopic<>(kafka, Topics.CANDIDATES)) {
            worker.start();
            await(() -> candidates.readToEnd().size() == TASKS + 1);
            worker.close();
            assertThat(candidates.readToEnd().values())
                    .filteredOn(candidate -> candidate.getOutcome() instanceof Failure)
                    .hasSize(TASKS)
                    .allMatch(candidate -> ((Failure) candidate.getOutcome()).getReason() == Reason.OVER_BUDGET);
        }
        assertThat(model.requests()).hasSize(1);
    }

    private void requireOnlyOwnAnswer() throws Exception {
        WorkerApp<?, ?> worker = worker();
        worker.start();
        await(() -> committed() == TASKS + 1);
        worker.close();
        try (CompactedTopic<Candidate> candidates = new CompactedTopic<>(kafka, Topics.CANDIDATES)) {
            assertThat(candidates.readToEnd()).containsOnlyKeys("own");
        }
        assertThat(model.requests()).hasSize(1);
    }

    private long committed() throws Exception {
        try (Admin admin = kafka.admin()) {
            return admin
                    .listConsumerGroupOffsets(kafka.namespace().group("generator"))
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .values()
                    .stream()
                    .mapToLong(offset -> offset == null ? 0 : offset.offset())
                    .sum();
        }
    }

    private Map<String, Long> calls() {
        try (CompactedTopic<Spend> spend = new CompactedTopic<>(kafka, Topics.SPEND)) {
            return spend.readToEnd().values().stream()
                    .collect(Collectors.toMap(Spend::getRunId, Spend::getCalls, Long::sum));
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) {
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(condition::holds);
    }

    private WorkerApp<?, ?> worker() {
        return WorkerApp.generator(
                new WorkerContext(
                        kafka,
                        "run-2",
                        Membership.staticMember(0),
                        WorkerContext.SHORT_DRAIN,
                        new Secret("01"),
                        Optional.empty(),
                        new SimpleMeterRegistry()),
                model.endpoint(2));
    }

    private static Run run(String id, boolean cancelled, @Nullable Budget budget) {
        return new Run(id, "{}", 1, Instant.EPOCH, !cancelled && budget != null, cancelled, budget);
    }

    private static PartitionProgress complete(int partition) {
        return PartitionProgress.newBuilder()
                .setRunId("run-1")
                .setPartition(partition)
                .setSlots(0)
                .setAccepted(0)
                .setRejected(Map.of())
                .setInvalid(Map.of())
                .setInFlight(Map.of())
                .setReplayed(0)
                .setStale(0)
                .setPromptsRead(0)
                .setSourcesEnded(List.of("a"))
                .setSources(1)
                .setComplete(true)
                .setAsOf(Instant.EPOCH)
                .build();
    }
}
