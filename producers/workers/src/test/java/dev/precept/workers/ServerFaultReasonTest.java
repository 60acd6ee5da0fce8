package dev.precept.workers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.judging.EndpointSettings;
import dev.precept.judging.Panel;
import dev.precept.judging.TaskFixture;
import dev.precept.judging.canary.Canaries;
import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.EmbeddedBroker;
import dev.precept.kafka.KafkaAccess;
import dev.precept.kafka.RecordSerdes;
import dev.precept.kafka.SchemaFile;
import dev.precept.model.Sampling;
import dev.precept.model.Secret;
import dev.precept.model.pricing.Price;
import dev.precept.model.resilience.RateLimits;
import dev.precept.records.Candidate;
import dev.precept.records.Completion;
import dev.precept.records.Spend;
import dev.precept.records.Verdict;
import dev.precept.runtime.App;
import dev.precept.runtime.Membership;
import dev.precept.runtime.WorkFolder;
import dev.precept.schemas.Namespace;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import dev.precept.workers.FaultMatrix.Row;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Server faults on a real socket, against both roles. All rows run concurrently, each as one task among others that the
 * server answers. An outage ends in a good result of the first attempt, a fault of one record in the reason of that
 * record.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ServerFaultReasonTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final String TOOLS = "[{\"type\":\"function\",\"function\":{\"name\":\"look\"}}]";
    private static final String OFFERED = "generator-withtools";
    private static final FaultMatrix MATRIX = new FaultMatrix();

    @TempDir
    static Path folder;

    private static FaultyServer server;
    private static Map<String, Candidate> candidates = Map.of();
    private static Map<String, Verdict> verdicts = Map.of();
    private static Map<String, Spend> spending = Map.of();

    @BeforeAll
    static void runEveryRow() throws Exception {
        Map<String, FaultyServer.Plan> plans = new HashMap<>();
        MATRIX.generating().forEach(row -> plans.put(row.id(), row.plan()));
        MATRIX.judging().forEach(row -> plans.put(row.id(), row.plan()));
        plans.put(OFFERED, new FaultyServer.Plan(ResponseFaults.calling("tool_calls"), 1));
        server = new FaultyServer(plans);
        try (FaultyServer _ = server;
                EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0)) {
            Namespace namespace = new Namespace("faults");
            WorkFolder work = new WorkFolder(folder.resolve("work"));
            work.prepare();
            String registry = SchemaFile.seed(work.resolve("schemas.json"), namespace);
            KafkaAccess kafka = new KafkaAccess(
                    broker.address(),
                    Map.of(),
                    namespace,
                    new RecordSerdes(Map.of("schema.registry.url", registry)),
                    2);
            DatasetTopics.ensure(kafka, (short) 1);
            runWorkers(kafka, TaskFixture.in(folder.resolve("spec")));
        }
    }

    private static void runWorkers(KafkaAccess kafka, TaskFixture fixture) throws Exception {
        EndpointSettings settings = new EndpointSettings(
                Map.of(server.url(), 1),
                "r1",
                500,
                Duration.ofSeconds(2),
                null,
                new Sampling(0.6, null, null, 512, "{\"top_k\":20}"),
                RateLimits.UNLIMITED,
                Price.FREE);
        WorkerContext context = new WorkerContext(
                kafka,
                "run-1",
                Membership.staticMember(0),
                WorkerContext.SHORT_DRAIN,
                new Secret("01"),
                Optional.empty(),
                new SimpleMeterRegistry());
        App generator = WorkerApp.generator(context, settings);
        App judge = WorkerApp.judge(context, Panel.of(settings, 3), Canaries.NONE);
        try (Producer<String, SpecificRecord> producer = kafka.producer("test");
                CompactedTopic<Candidate> candidateTopic = new CompactedTopic<>(kafka, Topics.CANDIDATES);
                CompactedTopic<Verdict> verdictTopic = new CompactedTopic<>(kafka, Topics.VERDICTS);
                CompactedTopic<Spend> spendTopic = new CompactedTopic<>(kafka, Topics.SPEND)) {
            Publisher publisher = (topic, key, value) -> {
                Future<?> _ =
                        producer.send(new ProducerRecord<>(kafka.namespace().name(topic), key, value));
            };
            publisher.publish(Topics.SPECS, fixture.specification().version(), fixture.bundle());
            generator.start();
            judge.start();
            publisher.publish(
                    Topics.GENERATION_TASKS,
                    OFFERED,
                    fixture.generation(OFFERED, FaultyServer.question(OFFERED), TOOLS));
            ids(MATRIX.generating()).forEach(id -> generate(publisher, fixture, id));
            ids(MATRIX.judging()).forEach(id -> judge(publisher, fixture, id));
            try {
                Awaitility.await().atMost(PATIENCE).pollInterval(POLL).until(() -> {
                    // Other tasks are answered meanwhile; otherwise the endpoint would count as down.
                    generate(publisher, fixture, "generator-other");
                    judge(publisher, fixture, "judge-other");
                    candidates = candidateTopic.readToEnd();
                    verdicts = verdictTopic.readToEnd();
                    return candidates.keySet().containsAll(ids(MATRIX.generating()))
                            && candidates.containsKey(OFFERED)
                            && verdicts.keySet().containsAll(ids(MATRIX.judging()));
                });
            } catch (ConditionTimeoutException someAreMissing) {
                System.out.println("some rows have not ended; each of them fails below");
            }
            generator.close();
            judge.close();
            spending = spendTopic.readToEnd();
        }
        assertThat(generator.failure()).isEmpty();
        assertThat(judge.failure()).isEmpty();
    }

    private interface Publisher {
        void publish(Topic<?> topic, String key, SpecificRecord value);
    }

    private static void generate(Publisher publisher, TaskFixture fixture, String id) {
        publisher.publish(Topics.GENERATION_TASKS, id, fixture.generation(id, FaultyServer.question(id), null));
    }

    private static void judge(Publisher publisher, TaskFixture fixture, String id) {
        publisher.publish(Topics.JUDGING_TASKS, id, fixture.judging(id, FaultyServer.question(id)));
    }

    private static Set<String> ids(List<? extends Row<?>> rows) {
        return rows.stream().map(Row::id).collect(Collectors.toSet());
    }

    @TestFactory
    Stream<DynamicTest> eachFaultOfAGenerationHasItsResult() {
        return MATRIX.generating().stream().map(row -> test(row, candidates));
    }

    @TestFactory
    Stream<DynamicTest> eachFaultOfAVoteHasItsResult() {
        return MATRIX.judging().stream().map(row -> test(row, verdicts));
    }

    private static <R> DynamicTest test(Row<R> row, Map<String, R> results) {
        return DynamicTest.dynamicTest(row.name(), () -> {
            R result = results.get(row.id());
            assertThat(result != null).as("the row has ended").isTrue();
            row.outcome().accept(Objects.requireNonNull(result));
            if (row.calls() > 0) {
                assertThat(server.calls(row.id())).hasSize(row.calls());
            }
        });
    }

    @Test
    void offeredToolCallsAreKept() {
        assertThat(Objects.requireNonNull(candidates.get(OFFERED)).getOutcome())
                .isInstanceOfSatisfying(
                        Completion.class,
                        completion -> assertThat(completion.getToolCalls()).contains("look"));
    }

    @Test
    void extraFieldsAreAmongTheParametersOfTheSample() {
        assertThat(Objects.requireNonNull(candidates.get(OFFERED))
                        .getGenerator()
                        .getParams())
                .isEqualTo("{\"temperature\":0.6,\"max_tokens\":512,\"top_k\":20}");
    }

    @Test
    void theRetryAfterOfTheServerIsHonoured() {
        List<String> rows = Stream.concat(MATRIX.generating().stream(), MATRIX.judging().stream())
                .filter(row -> row.name().contains("Retry-After"))
                .map(Row::id)
                .toList();
        assertThat(rows).hasSize(6).allSatisfy(id -> {
            List<Long> calls = server.calls(id);
            assertThat(Duration.ofNanos(calls.get(1) - calls.get(0))).isGreaterThan(Duration.ofMillis(900));
        });
    }

    @Test
    void everyReplyThatIsNoVoteIsCountedUnderItsCauseAndEveryVoteUnderItsForm() {
        Spend judge = spending.values().stream()
                .filter(spend -> spend.getRole().equals("judge"))
                .findFirst()
                .orElseThrow();
        assertThat(judge.getInvalidVotesByCause()).containsExactlyInAnyOrderEntriesOf(MATRIX.invalidVotes());
        assertThat(judge.getInvalidVotes())
                .isEqualTo(MATRIX.invalidVotes().values().stream()
                        .mapToLong(Long::longValue)
                        .sum());
        assertThat(judge.getScoreForms())
                .containsEntry("decimal", 1L)
                .containsEntry("text", 1L)
                .containsEntry("fenced", 1L)
                .containsEntry("with_text", 1L);
        assertThat(judge.getModel()).isEqualTo("r1");
    }

    @Test
    void everyKindOfFaultIsCounted() {
        assertThat(spending.values())
                .hasSize(2)
                .allSatisfy(spend -> assertThat(spend.getCallsByOutcome())
                        .containsKeys(
                                "answered", "malformed", "rate_limited", "unavailable", "unreadable", "timed_out"));
    }
}
