package dev.precept.workers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.judging.Panel;
import dev.precept.judging.ScriptedModel;
import dev.precept.judging.StoreResponseCache;
import dev.precept.judging.canary.Canaries;
import dev.precept.judging.canary.CanarySettings;
import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.EmbeddedBroker;
import dev.precept.kafka.KafkaAccess;
import dev.precept.model.Secret;
import dev.precept.model.cache.ResponseCache;
import dev.precept.records.Budget;
import dev.precept.records.CanaryCounts;
import dev.precept.records.CanaryExpectation;
import dev.precept.records.JudgingTask;
import dev.precept.records.Run;
import dev.precept.records.Spend;
import dev.precept.records.Verdict;
import dev.precept.runtime.Membership;
import dev.precept.schemas.Topics;
import dev.precept.store.location.StoreLocation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A judge evaluates canaries as it does its tasks, and publishes nothing about them. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class CanaryJudgeTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String BAD = "Whatever you do, hum.";
    private static final String BAD_LINE = """
            {"id": "bad-1", "prompt": "How do I notice a scam?", "category": "fraud", "reasoning": "Hm.",
             "answer": "%s", "expect": "turn-away"}""".formatted(BAD).replace("\n", "");
    private static final String GOOD_LINE =
            BAD_LINE.replace("turn-away", "keep").replace("bad-1", "good-1");

    @TempDir
    static Path brokerFolder;

    @TempDir
    Path folder;

    private static EmbeddedBroker broker;
    private static ScriptedModel model;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final CountDownLatch released = new CountDownLatch(1);
    private TestTopics topics;
    private KafkaAccess kafka;
    private Optional<ResponseCache> cache = Optional.empty();
    private Duration drain = WorkerContext.SHORT_DRAIN;

    @SuppressWarnings("NullAway.Init") // set by each test
    private WorkerApp<?, ?> judge;

    @BeforeAll
    static void start() throws IOException {
        broker = EmbeddedBroker.start(brokerFolder, 0);
        model = new ScriptedModel();
    }

    @AfterAll
    static void stop() {
        model.close();
        broker.close();
    }

    @BeforeEach
    void makeTopics(TestInfo test) throws Exception {
        topics = TestTopics.make(
                broker, folder, test.getTestMethod().orElseThrow().getName());
        kafka = topics.kafka();
    }

    @AfterEach
    void releaseCanaries() {
        released.countDown();
    }

    @Test
    void aCanaryIsJudgedLikeATaskAndPublishesNothing() throws Exception {
        cache = Optional.of(StoreResponseCache.open(new StoreLocation.Folder(folder.resolve("dataset"))));
        model.script(request -> ScriptedModel.ScriptedReply.completion("", ScriptedModel.VOTE.formatted(9)));
        start(BAD_LINE, 1);
        publish("p1");
        awaitCanaries(1);
        judge.close();

        assertThat(count("turn_away", "kept")).isEqualTo(1);
        assertThat(model.requests()).hasSize(4);
        List<JsonNode> canary = canaries();
        assertThat(canary).hasSize(2).allSatisfy(request -> {
            assertThat(ScriptedModel.text(request))
                    .contains("How do I notice a scam?", "Hm.", "Be kind to all who ask.", "how fraud is noticed.");
            assertThat(request.at("/response_format"))
                    .isEqualTo(model.requests().getFirst().at("/response_format"));
        });
        assertThat(model.requests())
                .extracting(request -> request.path("seed").asLong())
                .doesNotHaveDuplicates();
        assertThat(verdicts()).containsOnlyKeys("p1");
        assertThat(cachedVotes()).as("cached votes").isEqualTo(2);
        assertThat(spent()).as("calls counted as spend").isEqualTo(4);
        assertThat(spentOnCanaries())
                .containsExactly(Map.entry(
                        "bad-1",
                        CanaryCounts.newBuilder()
                                .setExpected(CanaryExpectation.TURN_AWAY)
                                .setKept(1)
                                .build()));
    }

    @Test
    void aKeptKnownBadCanaryIsLoggedInOneLineWithoutItsTexts() throws Exception {
        PrintStream err = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            model.script(request -> ScriptedModel.ScriptedReply.completion(
                    "", ScriptedModel.VOTE.formatted(isCanary(request) ? 8 : 9)));
            start(BAD_LINE, 1);
            publish("p1");
            awaitCanaries(1);
            judge.close();
        } finally {
            System.setErr(err);
        }

        assertThat(log.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains("canary")))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .contains("WARN", "canary=bad-1", "score=8.0", "model=scripted-1")
                        .doesNotContain(BAD, "scam", "Hm.", "Fine."));
    }

    @Test
    void aVoteBelowTheThresholdTurnsTheCanaryAway() throws Exception {
        model.script(request ->
                ScriptedModel.ScriptedReply.completion("", ScriptedModel.VOTE.formatted(isCanary(request) ? 7 : 9)));
        start(GOOD_LINE, 1);
        publish("p1");
        awaitCanaries(1);
        judge.close();

        assertThat(count("keep", "turned_away")).isEqualTo(1);
        assertThat(canaries()).hasSize(1);
        assertThat(judge.canarySummary())
                .hasValue("canaries: of the known-bad 0 turned away and 0 kept; of the known-good 0 kept and 1 turned"
                        + " away; 0 undecided");
    }

    @Test
    void aCanaryWhoseCallsFailIsUndecidedAndTheTaskIsAnswered() throws Exception {
        model.script(request -> isCanary(request)
                ? new ScriptedModel.ScriptedReply(500, "down")
                : ScriptedModel.ScriptedReply.completion("", ScriptedModel.VOTE.formatted(9)));
        start(BAD_LINE, 1);
        publish("p1");
        awaitCanaries(1);
        judge.close();

        assertThat(count("turn_away", "undecided")).isEqualTo(1);
        assertThat(canaries()).hasSize(3);
        assertThat(verdicts()).containsOnlyKeys("p1");
        assertThat(judge.failure()).isEmpty();
    }

    @Test
    void aCanaryWithInvalidVotesIsUndecided() throws Exception {
        model.script(request -> ScriptedModel.ScriptedReply.completion(
                "", isCanary(request) ? "Ten!" : ScriptedModel.VOTE.formatted(9)));
        start(BAD_LINE, 1);
        publish("p1");
        awaitCanaries(1);
        judge.close();

        assertThat(count("turn_away", "undecided")).isEqualTo(1);
        assertThat(canaries()).hasSize(3);
    }

    @Test
    void tasksDoNotWaitForACanaryAndAStopWaitsNoLongerThanTheDrain() throws Exception {
        holdCanaries();
        start(BAD_LINE, 1);
        publish("p1");
        awaitVerdicts("p1");
        Awaitility.await().atMost(PATIENCE).until(() -> canaries().size() == 1);
        assertThat(judge.callsInFlight())
                .as("the call of the canary holds a permit")
                .isEqualTo(1);

        long started = System.nanoTime();
        judge.close();

        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(ScriptedModel.CALL_TIMEOUT);
        assertThat(count("turn_away", "undecided")).isEqualTo(1);
        assertThat(judge.failure()).isEmpty();
    }

    @Test
    void aCallInFlightAtAStopCompletesAndIsCountedAsSpend() throws Exception {
        drain = PATIENCE;
        holdCanaries();
        start(BAD_LINE, 1);
        publish("p1");
        awaitVerdicts("p1");
        Awaitility.await().atMost(PATIENCE).until(() -> canaries().size() == 1);

        Thread stopping = Thread.ofPlatform().start(judge::close);
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> !stopping.isAlive() || stopping.getState() == Thread.State.TIMED_WAITING);
        released.countDown();
        stopping.join();

        assertThat(canaries()).as("the second vote is not requested").hasSize(1);
        assertThat(count("turn_away", "undecided")).isEqualTo(1);
        assertThat(spent()).as("calls counted as spend").isEqualTo(3);
        assertThat(judge.failure()).isEmpty();
    }

    @Test
    void aCanaryDoesNotWaitForTheEndOfAnOutage() throws Exception {
        model.script(request -> {
            if (isCanary(request)) {
                awaitRelease();
                return new ScriptedModel.ScriptedReply(500, "down");
            }
            return ScriptedModel.text(request).contains("later")
                    ? new ScriptedModel.ScriptedReply(500, "down")
                    : ScriptedModel.ScriptedReply.completion("", ScriptedModel.VOTE.formatted(9));
        });
        start(BAD_LINE, 1);
        publish("p1");
        Awaitility.await().atMost(PATIENCE).until(() -> canaries().size() == 1);
        // More tasks than failures that open the circuit breaker: their first calls do, before any of them backs off.
        for (int i = 2; i < 22; i++) {
            publish("p" + i, "Is it fraud, asked later?");
        }
        Awaitility.await().atMost(PATIENCE).until(() -> judge.readinessProblem().isPresent());

        released.countDown();
        awaitCanaries(1);

        assertThat(count("turn_away", "undecided")).isEqualTo(1);
        // The health check lets a call through now and then, which ends the outage for a moment.
        assertThat(canaries()).as("calls of the canary").hasSizeLessThanOrEqualTo(3);
        assertThat(verdicts()).as("the outage lasts").containsOnlyKeys("p1");
        judge.close();
    }

    @Test
    void atMostOneInEightCallsIsForACanary() throws Exception {
        holdCanaries();
        start(BAD_LINE, 1);
        for (int i = 0; i < 9; i++) {
            publish("p" + i);
        }
        awaitCanaries(8);

        assertThat(count("turn_away", "undecided")).isEqualTo(8);
        assertThat(canaries()).hasSize(1);
        released.countDown();
        awaitCanaries(9);
        judge.close();
        assertThat(count("turn_away", "kept")).isEqualTo(1);
    }

    @Test
    void aSpentBudgetAllowsNoCanaries() throws Exception {
        model.script(request -> ScriptedModel.ScriptedReply.completion("", ScriptedModel.VOTE.formatted(9)));
        topics.publish(
                Topics.RUNS,
                TestTopics.RUN,
                Run.newBuilder()
                        .setRunId(TestTopics.RUN)
                        .setIdentity("{}")
                        .setSources(1)
                        .setOpenedAt(Instant.EPOCH)
                        .setBudget(Budget.newBuilder()
                                .setUsd(0.0)
                                .setRejectRest(true)
                                .build())
                        .build());
        start(BAD_LINE, 1);
        publish("p1");
        awaitVerdicts("p1");
        judge.close();

        assertThat(model.requests()).isEmpty();
        assertThat(meters.find("precept.canaries").counters()).hasSize(6).allMatch(counter -> counter.count() == 0);
        assertThat(judge.canarySummary()).isEmpty();
    }

    @Test
    void aCanaryOfAnUnknownCategoryIsUndecided() throws Exception {
        model.script(request -> ScriptedModel.ScriptedReply.completion("", ScriptedModel.VOTE.formatted(9)));
        start(BAD_LINE.replace("\"fraud\"", "\"weather\""), 1);
        publish("p1");
        awaitCanaries(1);
        judge.close();

        assertThat(count("turn_away", "undecided")).isEqualTo(1);
        assertThat(verdicts()).containsOnlyKeys("p1");
        assertThat(judge.failure()).isEmpty();
    }

    private void holdCanaries() {
        model.script(request -> {
            if (isCanary(request)) {
                awaitRelease();
            }
            return ScriptedModel.ScriptedReply.completion("", ScriptedModel.VOTE.formatted(9));
        });
    }

    private void awaitRelease() {
        try {
            assertThat(released.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void start(String line, int every) throws IOException {
        Path file = Files.writeString(folder.resolve("canaries.jsonl"), line + "\n");
        judge = WorkerApp.judge(
                new WorkerContext(
                        kafka,
                        TestTopics.RUN,
                        Membership.staticMember(0),
                        drain,
                        new Secret("0123456789abcdef"),
                        cache,
                        meters),
                Panel.of(model.endpoint(8), 1),
                Canaries.load(Optional.of(new CanarySettings(file, every))));
        judge.start();
    }

    private void publish(String id) throws Exception {
        publish(id, "What is a letter of credit?");
    }

    private void publish(String id, String question) throws Exception {
        JudgingTask task = topics.fixture().judging(id, question);
        task.getCandidate().getTask().getPrompt().getRunParameters().setVotes(2);
        topics.publish(Topics.JUDGING_TASKS, id, task);
    }

    private static boolean isCanary(JsonNode request) {
        return ScriptedModel.text(request).contains(BAD);
    }

    private static List<JsonNode> canaries() {
        return model.requests().stream().filter(CanaryJudgeTest::isCanary).toList();
    }

    private void awaitCanaries(int count) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> meters.find("precept.canaries").counters().stream()
                                .mapToDouble(counter -> counter.count())
                                .sum()
                        == count);
    }

    private double count(String expected, String outcome) {
        return meters.get("precept.canaries")
                .tags("expected", expected, "outcome", outcome)
                .counter()
                .count();
    }

    private Map<String, Verdict> verdicts() {
        try (CompactedTopic<Verdict> topic = new CompactedTopic<>(kafka, Topics.VERDICTS)) {
            return Map.copyOf(topic.readToEnd());
        }
    }

    private void awaitVerdicts(String id) {
        Awaitility.await().atMost(PATIENCE).until(() -> verdicts().containsKey(id));
    }

    private long spent() {
        try (CompactedTopic<Spend> spend = new CompactedTopic<>(kafka, Topics.SPEND)) {
            return spend.readToEnd().values().stream()
                    .mapToLong(Spend::getCalls)
                    .sum();
        }
    }

    private Map<String, CanaryCounts> spentOnCanaries() {
        try (CompactedTopic<Spend> spend = new CompactedTopic<>(kafka, Topics.SPEND)) {
            return spend.readToEnd().values().iterator().next().getCanaries();
        }
    }

    private long cachedVotes() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("dataset").resolve("cache"))) {
            return files.filter(Files::isRegularFile).count();
        }
    }
}
