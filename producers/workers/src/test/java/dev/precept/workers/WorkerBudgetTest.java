package dev.precept.workers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.judging.ScriptedModel;
import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.EmbeddedBroker;
import dev.precept.model.Secret;
import dev.precept.records.Budget;
import dev.precept.records.Candidate;
import dev.precept.records.Failure;
import dev.precept.records.Reason;
import dev.precept.records.Run;
import dev.precept.records.Spend;
import dev.precept.runtime.Membership;
import dev.precept.schemas.Topics;
import dev.precept.streams.budget.BudgetKeeper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several workers, keepers that take over and a real broker: the sum of all calls never exceeds the budget. */
@Tag("slow")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class WorkerBudgetTest {
    private static final int TOKENS_OF_A_CALL = 120;
    private static final long BUDGET = 20_000;
    /** Highest price of a call: 512 tokens of completion, and the prompt. */
    private static final int HIGHEST_PRICE = 2_000;

    @TempDir
    static Path brokerFolder;

    @TempDir
    Path folder;

    private static EmbeddedBroker broker;
    private static ScriptedModel model;

    private final List<WorkerApp<?, ?>> workers = new ArrayList<>();
    private final List<BudgetKeeper> keepers = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // set by the test
    private TestTopics topics;

    @BeforeAll
    static void start() throws IOException {
        broker = EmbeddedBroker.start(brokerFolder, 0);
        model = new ScriptedModel();
        model.script(request -> ScriptedModel.ScriptedReply.completion("[kind]", "Yes."));
    }

    @AfterAll
    static void stop() {
        model.close();
        broker.close();
    }

    @AfterEach
    void close() {
        workers.forEach(WorkerApp::close);
        keepers.forEach(BudgetKeeper::close);
    }

    @Test
    void manyWorkersNeverSpendMoreThanTheBudget() throws Exception {
        topics = TestTopics.make(broker, folder, "many", 8);
        topics.publish(Topics.RUNS, TestTopics.RUN, run(false));
        topics.publishTasks(300);
        startKeeper("0");
        startKeeper("1");
        for (String name : List.of("a", "b", "c", "d")) {
            startWorker(name);
        }

        awaitCalls(30);
        keepers.removeFirst().close();
        awaitCalls(60);
        workers.removeFirst().close();
        startWorker("e");
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(() -> workers.stream().anyMatch(WorkerApp::isBudgetSpent)
                        && workers.stream().allMatch(worker -> worker.callsInFlight() == 0)
                        && used() > BUDGET - HIGHEST_PRICE);
        workers.forEach(WorkerApp::close);
        workers.clear();

        long used = used();
        assertThat(used).isBetween(BUDGET - HIGHEST_PRICE, BUDGET);
        assertThat(reported()).isEqualTo(used);

        topics.publish(Topics.RUNS, TestTopics.RUN, run(true));
        startWorker("f");
        try (CompactedTopic<Candidate> candidates = new CompactedTopic<>(topics.kafka(), Topics.CANDIDATES)) {
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> candidates.readToEnd().size() == 300);
            assertThat(candidates.readToEnd().values())
                    .filteredOn(candidate -> candidate.getOutcome() instanceof Failure)
                    .as("a rebalance may repeat calls, so some calls have no task of their own")
                    .hasSizeGreaterThanOrEqualTo(300 - (int) (used / TOKENS_OF_A_CALL))
                    .allMatch(candidate -> ((Failure) candidate.getOutcome()).getReason() == Reason.OVER_BUDGET);
        }
        assertThat(used()).isEqualTo(used);
    }

    private static long used() {
        return (long) model.requests().size() * TOKENS_OF_A_CALL;
    }

    private static void awaitCalls(int calls) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(() -> model.requests().size() >= calls);
    }

    private long reported() {
        try (CompactedTopic<Spend> spend = new CompactedTopic<>(topics.kafka(), Topics.SPEND)) {
            return spend.readToEnd().values().stream()
                    .mapToLong(worker -> worker.getPromptTokens() + worker.getCompletionTokens())
                    .sum();
        }
    }

    private void startKeeper(String name) {
        BudgetKeeper keeper = new BudgetKeeper(topics.kafka(), Membership.dynamicMember(name));
        keepers.add(keeper);
        keeper.start();
    }

    private void startWorker(String name) {
        WorkerApp<?, ?> worker = WorkerApp.generator(
                new WorkerContext(
                        topics.kafka(),
                        TestTopics.RUN,
                        Membership.dynamicMember(name),
                        WorkerContext.SHORT_DRAIN,
                        new Secret("0123456789abcdef"),
                        Optional.empty(),
                        new SimpleMeterRegistry()),
                model.endpoint(4));
        workers.add(worker);
        worker.start();
    }

    private static Run run(boolean rejectsRest) {
        return Run.newBuilder()
                .setRunId(TestTopics.RUN)
                .setIdentity("{}")
                .setSources(1)
                .setOpenedAt(Instant.EPOCH)
                .setBudget(new Budget(null, BUDGET, rejectsRest))
                .build();
    }
}
