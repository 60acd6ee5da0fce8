package dev.precept.workers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
import dev.precept.records.JudgingTask;
import dev.precept.records.Run;
import dev.precept.records.Spend;
import dev.precept.records.Verdict;
import dev.precept.runtime.App;
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

/** Beside its tasks a judge judges answers whose worth is known, as it judges all others, and leaves no record of them. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class CanaryJudgeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
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
    private final CountDownLatch held = new CountDownLatch(1);
    private TestTopics topics;
    private KafkaAccess kafka;
    private Optional<ResponseCache> memory = Optional.empty();
    private Duration drain = WorkerContext.SHORT_DRAIN;

    @SuppressWarnings("NullAway.Init") // each test begins its own
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
    void letGo() {
        held.countDown();
    }

    @Test
    void itIsJudgedLikeATaskAndPublishesNothing() throws Exception {
        memory = Optional.of(StoreResponseCache.open(new StoreLocation.Folder(folder.resolve("dataset"))));
        model.script(request -> ScriptedModel.ScriptedReply.completion("", ScriptedModel.VOTE.formatted(9)));
        begin(BAD_LINE, 1);
        publish("p1");
        awaitCanaries(1);
        judge.close();

        assertThat(counted("turn_away", "kept")).isEqualTo(1);
        assertThat(model.requests()).hasSize(4);
        List<JsonNode> canary = canaries();
        assertThat(canary).hasSize(2).allSatisfy(request -> {
            assertThat(ScriptedModel.words(request))
                    .contains("How do I notice a scam?", "Hm.", "Be kind to whoever asks.", "how fraud is noticed.");
            assertThat(request.at("/response_format"))
                    .isEqualTo(model.requests().getFirst().at("/response_format"));
        });
        assertThat(model.requests())
                .extracting(request -> request.path("seed").asLong())
                .doesNotHaveDuplicates();
        assertThat(verdicts()).containsOnlyKeys("p1");
        assertThat(kept()).as("remembered votes").isEqualTo(2);
        assertThat(spent()).as("calls on the account").isEqualTo(4);
    }

    @Test
    void aKnownBadOneThatIsKeptIsSaidInOneLineWithoutItsTexts() throws Exception {
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            model.script(request -> ScriptedModel.ScriptedReply.completion(
                    "", ScriptedModel.VOTE.formatted(isCanary(request) ? 8 : 9)));
            begin(BAD_LINE, 1);
            publish("p1");
            awaitCanaries(1);
            judge.close();
        } finally {
            System.setErr(err);
        }

        assertThat(said.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains("canary")))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .contains("WARN", "canary=bad-1", "score=8.0", "model=scripted-1")
                        .doesNotContain(BAD, "scam", "Hm.", "Fine."));
    }

    @Test
    void aVoteBelowTheThresholdSparesTheRestAndTurnsItAway() throws Exception {
        model.script(request ->
                ScriptedModel.ScriptedReply.completion("", ScriptedModel.VOTE.formatted(isCanary(request) ? 7 : 9)));
        begin(GOOD_LINE, 1);
        publish("p1");
        awaitCanaries(1);
        judge.close();

        assertThat(counted("keep", "turned_away")).isEqualTo(1);
        assertThat(canaries()).hasSize(1);
        assertThat(judge.canarySummary())
                .hasValue("canaries: of the known-bad 0 turned away and 0 kept; of the known-good 0 kept and 1 turned"
                        + " away; 0 undecided");
    }

    @Test
    void whereItsCallsFailItIsDroppedAndTheTaskIsAnswered() throws Exception {
        model.script(request -> isCanary(request)
                ? new ScriptedModel.ScriptedReply(500, "down")
                : ScriptedModel.ScriptedReply.completion("", ScriptedModel.VOTE.formatted(9)));
        begin(BAD_LINE, 1);
        publish("p1");
        awaitCanaries(1);
        judge.close();

        assertThat(counted("turn_away", "undecided")).isEqualTo(1);
        assertThat(canaries()).hasSize(3);
        assertThat(verdicts()).containsOnlyKeys("p1");
        assertThat(judge.failure()).isEmpty();
    }

    @Test
    void whereItsVotesAreUnreadableItIsUndecided() throws Exception {
        model.script(request -> ScriptedModel.ScriptedReply.completion(
                "", isCanary(request) ? "Ten!" : ScriptedModel.VOTE.formatted(9)));
        begin(BAD_LINE, 1);
        publish("p1");
        awaitCanaries(1);
        judge.close();

        assertThat(counted("turn_away", "undecided")).isEqualTo(1);
        assertThat(canaries()).hasSize(3);
    }

    @Test
    void theTaskDoesNotWaitForItAndAStopNoLongerThanTheDrain() throws Exception {
        holdCanaries();
        begin(BAD_LINE, 1);
        publish("p1");
        awaitVerdicts("p1");
        Awaitility.await().atMost(PATIENCE).until(() -> canaries().size() == 1);
        assertThat(judge.callsInFlight())
                .as("its call has a place like any other")
                .isEqualTo(1);

        long began = System.nanoTime();
        judge.close();

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(ScriptedModel.CALL_TIMEOUT);
        assertThat(counted("turn_away", "undecided")).isEqualTo(1);
        assertThat(judge.failure()).isEmpty();
    }

    @Test
    void aCallThatIsUnderWayWhenTheWorkerStopsEndsAndIsInTheAccount() throws Exception {
        drain = PATIENCE;
        holdCanaries();
        begin(BAD_LINE, 1);
        publish("p1");
        awaitVerdicts("p1");
        Awaitility.await().atMost(PATIENCE).until(() -> canaries().size() == 1);

        Thread stopping = Thread.ofPlatform().start(judge::close);
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> !stopping.isAlive() || stopping.getState() == Thread.State.TIMED_WAITING);
        held.countDown();
        stopping.join();

        assertThat(canaries()).as("its second vote is not begun").hasSize(1);
        assertThat(counted("turn_away", "undecided")).isEqualTo(1);
        assertThat(spent()).as("calls on the account").isEqualTo(3);
        assertThat(judge.failure()).isEmpty();
    }

    @Test
    void inAnOutageItDoesNotWaitWithTheTasks() throws Exception {
        model.script(request -> {
            if (isCanary(request)) {
                hold();
                return new ScriptedModel.ScriptedReply(500, "down");
            }
            return ScriptedModel.words(request).contains("later")
                    ? new ScriptedModel.ScriptedReply(500, "down")
                    : ScriptedModel.ScriptedReply.completion("", ScriptedModel.VOTE.formatted(9));
        });
        begin(BAD_LINE, 1);
        publish("p1");
        Awaitility.await().atMost(PATIENCE).until(() -> canaries().size() == 1);
        for (int i = 2; i < 6; i++) {
            publish("p" + i, "Is it fraud, asked later?");
        }
        Awaitility.await().atMost(PATIENCE).until(() -> judge.readinessProblem().isPresent());

        held.countDown();
        awaitCanaries(1);

        assertThat(counted("turn_away", "undecided")).isEqualTo(1);
        assertThat(canaries()).hasSize(1);
        assertThat(judge.readinessProblem()).as("the outage").isPresent();
        judge.close();
    }

    @Test
    void oneInEightCallsAtMostIsACanary() throws Exception {
        holdCanaries();
        begin(BAD_LINE, 1);
        for (int i = 0; i < 9; i++) {
            publish("p" + i);
        }
        awaitCanaries(8);

        assertThat(counted("turn_away", "undecided")).isEqualTo(8);
        assertThat(canaries()).hasSize(1);
        held.countDown();
        awaitCanaries(9);
        judge.close();
        assertThat(counted("turn_away", "kept")).isEqualTo(1);
    }

    @Test
    void aBudgetThatIsSpentHasNone() throws Exception {
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
        begin(BAD_LINE, 1);
        publish("p1");
        awaitVerdicts("p1");
        judge.close();

        assertThat(model.requests()).isEmpty();
        assertThat(meters.find("precept.canaries").counters()).hasSize(6).allMatch(counter -> counter.count() == 0);
        assertThat(judge.canarySummary()).isEmpty();
    }

    @Test
    void aCategoryThatTheTasksSpecificationDoesNotHaveDropsIt() throws Exception {
        model.script(request -> ScriptedModel.ScriptedReply.completion("", ScriptedModel.VOTE.formatted(9)));
        begin(BAD_LINE.replace("\"fraud\"", "\"weather\""), 1);
        publish("p1");
        awaitCanaries(1);
        judge.close();

        assertThat(counted("turn_away", "undecided")).isEqualTo(1);
        assertThat(verdicts()).containsOnlyKeys("p1");
        assertThat(judge.failure()).isEmpty();
    }

    private void holdCanaries() {
        model.script(request -> {
            if (isCanary(request)) {
                hold();
            }
            return ScriptedModel.ScriptedReply.completion("", ScriptedModel.VOTE.formatted(9));
        });
    }

    private void hold() {
        try {
            assertThat(held.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void begin(String line, int every) throws IOException {
        Path file = Files.writeString(folder.resolve("canaries.jsonl"), line + "\n");
        judge = WorkerApp.judge(
                new WorkerContext(
                        kafka,
                        TestTopics.RUN,
                        Membership.staticMember(0),
                        drain,
                        new Secret("0123456789abcdef"),
                        memory,
                        meters),
                model.endpoint(8),
                Canaries.load(Optional.of(new CanarySettings(file, every))));
        App begun = judge;
        begun.start();
    }

    private void publish(String id) throws Exception {
        publish(id, "What is a letter of credit?");
    }

    private void publish(String id, String question) throws Exception {
        JudgingTask task = topics.house().judging(id, question);
        task.getCandidate().getTask().getPrompt().getRunParameters().setVotes(2);
        topics.publish(Topics.JUDGING_TASKS, id, task);
    }

    private static boolean isCanary(JsonNode request) {
        return ScriptedModel.words(request).contains(BAD);
    }

    private static List<JsonNode> canaries() {
        return model.requests().stream().filter(CanaryJudgeTest::isCanary).toList();
    }

    private void awaitCanaries(int many) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> meters.find("precept.canaries").counters().stream()
                                .mapToDouble(counter -> counter.count())
                                .sum()
                        == many);
    }

    private double counted(String expected, String outcome) {
        return meters.get("precept.canaries")
                .tags("expected", expected, "outcome", outcome)
                .counter()
                .count();
    }

    private Map<String, Verdict> verdicts() {
        try (CompactedTopic<Verdict> said = new CompactedTopic<>(kafka, Topics.VERDICTS)) {
            return Map.copyOf(said.readToEnd());
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

    private long kept() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("dataset").resolve("cache"))) {
            return files.filter(Files::isRegularFile).count();
        }
    }
}
