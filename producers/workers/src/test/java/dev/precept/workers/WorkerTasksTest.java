package dev.precept.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.judging.EndpointSettings;
import dev.precept.judging.Panel;
import dev.precept.judging.ScriptedModel;
import dev.precept.judging.StoreResponseCache;
import dev.precept.judging.TaskFixture;
import dev.precept.judging.canary.Canaries;
import dev.precept.judging.screen.CompletionScreen;
import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.EmbeddedBroker;
import dev.precept.kafka.KafkaAccess;
import dev.precept.model.Secret;
import dev.precept.model.cache.ResponseCache;
import dev.precept.model.openai.RequestEncoding;
import dev.precept.model.pricing.Price;
import dev.precept.records.Candidate;
import dev.precept.records.CitationFindings;
import dev.precept.records.CitedClause;
import dev.precept.records.Completion;
import dev.precept.records.DeadLetter;
import dev.precept.records.Failure;
import dev.precept.records.FalseCitation;
import dev.precept.records.GenerationTask;
import dev.precept.records.JudgingTask;
import dev.precept.records.Leak;
import dev.precept.records.Reason;
import dev.precept.records.ScreenFindings;
import dev.precept.records.Spend;
import dev.precept.records.Usage;
import dev.precept.records.Verdict;
import dev.precept.records.Vote;
import dev.precept.runtime.App;
import dev.precept.runtime.Membership;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import dev.precept.store.location.StoreLocation;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Both roles end to end: tasks from a broker, calls over HTTP, results to a broker. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class WorkerTasksTest {
    private static final Secret SECRET = new Secret("0123456789abcdef");

    private static final String NONCE = "[0-9a-f]{16}";

    @TempDir
    static Path brokerFolder;

    @TempDir
    Path folder;

    private static EmbeddedBroker broker;
    private static ScriptedModel model;

    private TestTopics topics;
    private TaskFixture fixture;
    private KafkaAccess kafka;
    private Optional<ResponseCache> cache = Optional.empty();

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
        fixture = topics.fixture();
        kafka = topics.kafka();
    }

    @Test
    void aGeneratorSendsTheExcerptAndPublishesTheCompletion() throws Exception {
        model.script(request -> ScriptedModel.ScriptedReply.completion(
                "As [fraud-1] asks, and [nonsense-2].", "Look at the sender, says fraud-1."));
        GenerationTask task = task("How do I notice a scam?");
        topics.publish(Topics.GENERATION_TASKS, "p1", task);

        Candidate candidate = run(Topics.CANDIDATES, generator());

        assertThat(candidate.getTask()).isEqualTo(task);
        RequestPreview preview = new RequestPreview(fixture.specification(), task.getPrompt());
        String shown = RequestEncoding.STANDARD.body(preview.generator(model.endpoint(2)));
        assertThat(shown.replaceAll(NONCE, "nonce"))
                .as("what show-prompts prints is what was sent")
                .isEqualTo(model.requests().getFirst().toString().replaceAll(NONCE, "nonce"));
        assertThat(candidate.getOutcome())
                .isEqualTo(Completion.newBuilder()
                        .setFinishReason("stop")
                        .setReasoning("As [fraud-1] asks, and [nonsense-2].")
                        .setAnswer("Look at the sender, says fraud-1.")
                        .setCitedClauses(List.of("fraud-1"))
                        .setFindings(new ScreenFindings(
                                CompletionScreen.DETECTOR,
                                List.of(new Leak("clause_id", "answer", 1)),
                                List.of("nonsense-2"),
                                new CitationFindings(
                                        List.of(new CitedClause("fraud-1", List.of("id"), 1, "category")),
                                        List.of(new FalseCitation("id", "nonsense-2")),
                                        0.0),
                                null,
                                false))
                        .build());
        assertThat(candidate.getGenerator().getModel()).isEqualTo("scripted-1");
        assertThat(candidate.getGenerator().getParams()).isEqualTo("{\"temperature\":0.6,\"max_tokens\":512}");
        assertThat(model.requests()).singleElement().satisfies(request -> {
            assertThat(ScriptedModel.text(request))
                    .contains("How do I notice a scam?", "Be kind to all who ask.", "Explain how fraud is noticed.");
            assertThat(request.path("seed").asLong())
                    .isEqualTo(candidate.getGenerator().getSeed());
            assertThat(request.path("max_tokens").asInt()).isEqualTo(512);
        });
    }

    @Test
    void aFailedCallIsRetriedAndEveryCallIsCounted() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        model.script(request -> switch (calls.incrementAndGet()) {
            case 1 -> new ScriptedModel.ScriptedReply(500, "down");
            case 2 -> new ScriptedModel.ScriptedReply(429, "full");
            default -> ScriptedModel.ScriptedReply.completion("[kind]", "Yes.");
        });
        topics.publish(Topics.GENERATION_TASKS, "p1", task("Will it work?"));

        Candidate candidate = run(Topics.CANDIDATES, generator());

        assertThat(candidate.getOutcome()).isInstanceOf(Completion.class);
        assertThat(candidate.getTask().getRef().getAttempt()).isEqualTo(1);
        try (CompactedTopic<Spend> spend = new CompactedTopic<>(kafka, Topics.SPEND)) {
            assertThat(spend.readToEnd().values()).singleElement().satisfies(total -> {
                assertThat(total.getCallsByOutcome())
                        .isEqualTo(Map.of("unavailable", 1L, "rate_limited", 1L, "answered", 1L));
                assertThat(total.getPromptTokens()).isEqualTo(100);
            });
        }
    }

    @Test
    void anUnreadableTaskIsADeadLetterAndTheNextIsProcessed() throws Exception {
        model.script(request -> ScriptedModel.ScriptedReply.completion("[kind]", "Yes."));
        String topic = kafka.namespace().name(Topics.GENERATION_TASKS);
        try (Producer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.address()), new StringSerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, 0, "p0", new byte[] {1, 2, 3}))
                    .get();
            producer.send(new ProducerRecord<>(topic, 0, "p0", null)).get();
        }
        topics.publish(Topics.GENERATION_TASKS, "p1", task("And this one?"));

        run(Topics.CANDIDATES, generator());

        try (CompactedTopic<DeadLetter> dead = new CompactedTopic<>(kafka, Topics.DEAD_LETTERS)) {
            assertThat(dead.readToEnd().values()).hasSize(2).allSatisfy(letter -> {
                assertThat(letter.getTopic()).isEqualTo(topic);
                assertThat(letter.getStep()).isEqualTo("generator");
            });
        }
    }

    @Test
    void aTaskWithTheHashOfAnotherExcerptIsADeadLetterAndCostsNothing() throws Exception {
        model.script(request -> ScriptedModel.ScriptedReply.completion("[kind]", "Yes."));
        GenerationTask other = task("Which one?");
        other.getPrompt().setSpecExcerptSha256("0".repeat(64));
        topics.publish(Topics.GENERATION_TASKS, "p0", other);
        topics.publish(Topics.GENERATION_TASKS, "p1", task("And this one?"));

        run(Topics.CANDIDATES, generator());

        try (CompactedTopic<DeadLetter> dead = new CompactedTopic<>(kafka, Topics.DEAD_LETTERS)) {
            assertThat(dead.readToEnd().values())
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.getCause())
                            .contains("the excerpt of specification "
                                    + fixture.specification().version()));
        }
        assertThat(model.requests()).hasSize(1);
    }

    @Test
    void aJudgeCastsTheConfiguredNumberOfIndependentVotes() throws Exception {
        model.script(request -> ScriptedModel.ScriptedReply.completion("", ScriptedModel.VOTE.formatted(9)));
        topics.publish(Topics.JUDGING_TASKS, "p1", new JudgingTask(candidate("Look at the sender."), 1, false));

        Verdict verdict = run(Topics.VERDICTS, judge());

        assertThat(verdict.getFailure()).isNull();
        assertThat(verdict.getVotes())
                .hasSize(3)
                .allSatisfy(vote -> assertThat(vote.getCalls()).isEqualTo(1));
        assertThat(model.requests())
                .extracting(request -> request.path("seed").asLong())
                .doesNotHaveDuplicates();
        assertThat(model.requests())
                .allSatisfy(request -> assertThat(ScriptedModel.text(request))
                        .contains(
                                "Explain how fraud is noticed.", "Because [fraud-1] says so.", "Look at the sender."));
        assertThat(model.requests().getFirst().at("/response_format/type").asText())
                .isEqualTo("json_schema");
    }

    @Test
    void aVoteBelowTheThresholdSavesTheRest() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        model.script(request -> ScriptedModel.ScriptedReply.completion(
                "", ScriptedModel.VOTE.formatted(calls.incrementAndGet() == 2 ? 4 : 9)));
        topics.publish(Topics.JUDGING_TASKS, "p1", new JudgingTask(candidate("Look at the sender."), 1, false));

        Verdict verdict = run(Topics.VERDICTS, judge());

        assertThat(verdict.getVotes()).extracting("score").containsExactly(9.0, 4.0);
        assertThat(model.requests()).hasSize(2);
    }

    @Test
    void anInvalidVoteIsRetriedWithAnotherSeedAndThenFailsClosed() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        model.script(request -> ScriptedModel.ScriptedReply.completion(
                "", calls.incrementAndGet() <= 2 ? "{\"score\": 10}" : ScriptedModel.VOTE.formatted(9)));
        topics.publish(Topics.JUDGING_TASKS, "p1", new JudgingTask(candidate("Look at the sender."), 1, false));
        Verdict verdict = run(Topics.VERDICTS, judge());
        assertThat(verdict.getVotes()).extracting("calls").containsExactly(3, 1, 1);
        assertThat(model.requests())
                .extracting(request -> request.path("seed").asLong())
                .doesNotHaveDuplicates();

        model.script(request -> ScriptedModel.ScriptedReply.completion(
                "", isControl(request) ? ScriptedModel.VOTE.formatted(9) : "Ten out of ten!"));
        topics.publish(Topics.JUDGING_TASKS, "p1", new JudgingTask(candidate("Another answer."), 1, false));
        Verdict failed = run(Topics.VERDICTS, judge());
        assertThat(failed.getVotes()).isEmpty();
        assertThat(failed.getFailure())
                .isEqualTo(new Failure(
                        Reason.UNJUDGEABLE,
                        "vote 1 was invalid 3 times; the last time: the answer holds no JSON object"));
        assertThat(failed.getInvalidReply()).isEqualTo("Ten out of ten!");
        assertThat(failed.getJudgeAgain()).isTrue();
        assertThat(model.requests()).filteredOn(request -> !isControl(request)).hasSize(3);
    }

    @Test
    void anotherRoundAsksWithOtherSeeds() throws Exception {
        model.script(request -> ScriptedModel.ScriptedReply.completion(
                "", isControl(request) ? ScriptedModel.VOTE.formatted(9) : "Ten out of ten!"));
        topics.publish(Topics.JUDGING_TASKS, "p1", new JudgingTask(candidate("Another answer."), 1, false));
        run(Topics.VERDICTS, judge());
        topics.publish(Topics.JUDGING_TASKS, "p1", new JudgingTask(candidate("Another answer."), 2, false));
        Verdict second = run(Topics.VERDICTS, judge());

        assertThat(second.getTask().getRound()).isEqualTo(2);
        assertThat(model.requests())
                .filteredOn(request -> !isControl(request))
                .extracting(request -> request.path("seed").asLong())
                .hasSize(6)
                .doesNotHaveDuplicates();
    }

    @Test
    void aRefusalOfTheJudgeIsNotJudgedAgain() throws Exception {
        model.script(request -> isControl(request)
                ? ScriptedModel.ScriptedReply.completion("", ScriptedModel.VOTE.formatted(9))
                : new ScriptedModel.ScriptedReply(400, "{\"error\":{\"message\":\"maximum context length is 9\"}}"));
        topics.publish(Topics.JUDGING_TASKS, "p1", new JudgingTask(candidate("Another answer."), 1, false));
        Verdict verdict = run(Topics.VERDICTS, judge());

        assertThat(verdict.getFailure()).extracting(Failure::getReason).isEqualTo(Reason.UNJUDGEABLE);
        assertThat(verdict.getJudgeAgain()).isFalse();
    }

    /** Whether a request is that of a control task, with harmless content. */
    private static boolean isControl(JsonNode request) {
        return ScriptedModel.text(request).contains("two plus two");
    }

    @Test
    void aRepeatedTaskIsAnsweredFromTheCache() throws Exception {
        cache = Optional.of(StoreResponseCache.open(new StoreLocation.Folder(folder.resolve("dataset"))));
        AtomicInteger calls = new AtomicInteger();
        model.script(request -> ScriptedModel.ScriptedReply.completion("[kind]", "Answer " + calls.incrementAndGet()));
        topics.publish(Topics.GENERATION_TASKS, "p1", task("Will it work?"));
        Candidate first = run(Topics.CANDIDATES, generator());

        topics.publish(Topics.GENERATION_TASKS, "p1", task("Will it work?"));
        Candidate again = run(Topics.CANDIDATES, generator());

        assertThat(model.requests()).hasSize(1);
        assertThat(again.getOutcome()).isEqualTo(first.getOutcome());
        assertThat(again.getGenerator()).isEqualTo(first.getGenerator());
        assertThat(again.getGenerator().getUsage()).isEqualTo(new Usage(100L, 20L, 0L, 0L));
        try (CompactedTopic<Spend> spend = new CompactedTopic<>(kafka, Topics.SPEND)) {
            assertThat(spend.readToEnd().values())
                    .extracting(Spend::getCalls, Spend::getCallsByOutcome, Spend::getPromptTokens)
                    .containsExactlyInAnyOrder(
                            tuple(1L, Map.of("answered", 1L), 100L), tuple(0L, Map.of("cache_hit", 1L), 0L));
        }
    }

    @Test
    void aJudgeCachesValidVotesOnly() throws Exception {
        cache = Optional.of(StoreResponseCache.open(new StoreLocation.Folder(folder.resolve("dataset"))));
        AtomicInteger calls = new AtomicInteger();
        model.script(request -> ScriptedModel.ScriptedReply.completion(
                "", calls.incrementAndGet() == 1 ? "Ten!" : ScriptedModel.VOTE.formatted(9)));
        topics.publish(Topics.JUDGING_TASKS, "p1", new JudgingTask(candidate("Look at the sender."), 1, false));
        Verdict first = run(Topics.VERDICTS, judge());
        assertThat(first.getVotes()).extracting("calls").containsExactly(2, 1, 1);

        topics.publish(Topics.JUDGING_TASKS, "p1", new JudgingTask(candidate("Look at the sender."), 1, false));
        Verdict again = run(Topics.VERDICTS, judge());

        assertThat(again.getVotes()).extracting("calls").containsExactly(1, 1, 1);
        assertThat(again.getVotes().subList(1, 3)).isEqualTo(first.getVotes().subList(1, 3));
        assertThat(model.requests()).hasSize(5);
    }

    /** Each has its own price, and the spend of the run is the sum. */
    @Test
    void theJudgesOfAPanelVoteInTurnAndSpendApart() throws Exception {
        model.script(request -> ScriptedModel.ScriptedReply.completion("", ScriptedModel.VOTE.formatted(9)));
        topics.publish(Topics.JUDGING_TASKS, "p1", new JudgingTask(candidate("Look at the sender."), 1, false));
        try (ScriptedModel second = new ScriptedModel()) {
            second.script(request -> ScriptedModel.ScriptedReply.completion("", ScriptedModel.VOTE.formatted(8)));
            EndpointSettings lenient = model.endpoint(8);
            EndpointSettings strict = new EndpointSettings(
                    second.endpoint(1).weights(),
                    "r2",
                    4,
                    ScriptedModel.CALL_TIMEOUT,
                    null,
                    lenient.sampling(),
                    lenient.rateLimits(),
                    new Price(100, 200));
            Panel<EndpointSettings> panel =
                    new Panel<>(List.of(new Panel.Member<>(lenient, 2), new Panel.Member<>(strict, 1)));

            Verdict verdict = run(Topics.VERDICTS, WorkerApp.judge(context(), panel, Canaries.NONE));

            assertThat(verdict.getVotes()).extracting(Vote::getScore).containsExactly(9.0, 9.0, 8.0);
            assertThat(verdict.getVotes())
                    .extracting(Vote::getEndpoint)
                    .containsExactly(lenient.urls(), lenient.urls(), strict.urls());
            assertThat(second.requests())
                    .singleElement()
                    .satisfies(request ->
                            assertThat(request.path("model").asText()).isEqualTo("r2"));
        }
        try (CompactedTopic<Spend> spend = new CompactedTopic<>(kafka, Topics.SPEND)) {
            assertThat(spend.readToEnd().values())
                    .allSatisfy(record -> assertThat(record.getRole()).isEqualTo("judge"))
                    .extracting(
                            Spend::getModel,
                            Spend::getCalls,
                            Spend::getUsd,
                            record -> record.getScoreForms().get("number"))
                    .containsExactlyInAnyOrder(
                            tuple("r1", 2L, 2 * (100 * 1 + 20 * 2) / 1e6, 2L),
                            tuple("r2", 1L, (100 * 100 + 20 * 200) / 1e6, 1L));
            assertThat(spend.readToEnd().values())
                    .extracting(record -> record.getWorker().split("\\|")[0])
                    .as("the budget knows one instance of a worker")
                    .doesNotHaveDuplicates();
        }
    }

    private App generator() {
        return WorkerApp.generator(context(), model.endpoint(8));
    }

    private App judge() {
        return WorkerApp.judge(context(), Panel.of(model.endpoint(8), 3), Canaries.NONE);
    }

    private WorkerContext context() {
        return new WorkerContext(
                kafka,
                "run-1",
                Membership.staticMember(0),
                WorkerContext.SHORT_DRAIN,
                SECRET,
                cache,
                new SimpleMeterRegistry());
    }

    private GenerationTask task(String question) {
        return withThreeVotes(fixture.generation("p1", question, null));
    }

    private Candidate candidate(String answer) {
        Candidate candidate = fixture.judging("p1", "How do I notice a scam?").getCandidate();
        withThreeVotes(candidate.getTask());
        if (candidate.getOutcome() instanceof Completion completion) {
            completion.setAnswer(answer);
        }
        return candidate;
    }

    private static GenerationTask withThreeVotes(GenerationTask task) {
        task.getPrompt().getRunParameters().setVotes(3);
        return task;
    }

    /** Runs a worker until it publishes a result, and returns that. */
    private <R extends SpecificRecord> R run(Topic<R> results, App worker) {
        try (CompactedTopic<R> topic = new CompactedTopic<>(kafka, results)) {
            Map<String, R> before = topic.readToEnd();
            worker.start();
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> !topic.readToEnd().equals(before)
                            || worker.failure().isPresent());
            worker.close();
            assertThat(worker.failure()).isEmpty();
            return Objects.requireNonNull(topic.readToEnd().get("p1"));
        }
    }
}
