package dev.precept.prompts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.config.ConfigurationException;
import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.EmbeddedBroker;
import dev.precept.kafka.KafkaAccess;
import dev.precept.kafka.RecordSerdes;
import dev.precept.kafka.SchemaFile;
import dev.precept.records.Contamination;
import dev.precept.records.EndMarker;
import dev.precept.records.PartitionProgress;
import dev.precept.records.Prompt;
import dev.precept.records.PromptEvent;
import dev.precept.records.Run;
import dev.precept.records.SpecBundle;
import dev.precept.records.UnusableLine;
import dev.precept.runtime.WorkFolder;
import dev.precept.schemas.Namespace;
import dev.precept.schemas.Topics;
import dev.precept.spec.Specification;
import dev.precept.text.contamination.EvaluationCompiler;
import dev.precept.text.contamination.EvaluationIndex;
import dev.precept.text.contamination.EvaluationItem;
import dev.precept.text.contamination.MatchMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Every row of every source becomes one record, and the end markers of a source follow all of its rows. */
class SourcePublisherTest {
    private EvaluationIndex evaluationSets = EvaluationIndex.empty();

    private static final int PARTITIONS = 3;

    @TempDir
    static Path brokerFolder;

    @TempDir
    Path folder;

    private static EmbeddedBroker broker;
    private KafkaAccess kafka;
    private WorkFolder work;
    private Specification specification;

    /** A record of the prompts topic with its partition. */
    private record Published(int partition, String key, PromptEvent event) {}

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(brokerFolder, 0);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void makeTopics(TestInfo test) throws Exception {
        Namespace namespace = new Namespace(test.getTestMethod().orElseThrow().getName());
        work = new WorkFolder(folder.resolve("work"));
        work.prepare();
        String registry = SchemaFile.seed(work.resolve("schemas.json"), namespace);
        kafka = new KafkaAccess(
                broker.address(),
                Map.of(),
                namespace,
                new RecordSerdes(Map.of("schema.registry.url", registry)),
                PARTITIONS);
        DatasetTopics.ensure(kafka, (short) 1);
        specification = SourceFixture.specification(folder);
    }

    @Test
    void everyRowIsOneRecordAndTheEndMarkerComesLast() throws IOException {
        PromptSettings settings = SourceFixture.settings(
                Map.of(),
                SourceFixture.file(
                        folder,
                        "a.jsonl",
                        rows(0, 40) + "\nnot a row\n{\"prompt\": \"q\", \"categories\": \"astrology\"}"),
                SourceFixture.file(folder, "b.json", "[" + rows(40, 60).replace('\n', ',') + "]"));

        PromptsApp app = published(settings);

        assertThat(app.published()).isEqualTo(62);
        List<Published> all = prompts();
        List<Published> lines = all.stream()
                .filter(p -> !(p.event().getBody() instanceof EndMarker))
                .toList();
        assertThat(lines).hasSize(62).allSatisfy(line -> {
            assertThat(line.event().getRunId()).isEqualTo("run-1");
            assertThat(line.key()).isEqualTo(promptId(line.event()));
        });
        assertThat(lines).extracting(Published::key).doesNotHaveDuplicates();
        assertEndsComeLast(all, "a.jsonl", "b.json");
    }

    @Test
    void theRunAndItsSpecificationArePublished() throws IOException {
        PromptSettings settings = SourceFixture.settings(Map.of(), SourceFixture.file(folder, "a.jsonl", rows(0, 1)));

        published(settings);

        try (CompactedTopic<Run> runs = new CompactedTopic<>(kafka, Topics.RUNS);
                CompactedTopic<SpecBundle> specs = new CompactedTopic<>(kafka, Topics.SPECS)) {
            assertThat(runs.readToEnd()).hasEntrySatisfying("run-1", run -> {
                assertThat(run.getIdentity()).isEqualTo("{\"a\":\"1\"}");
                assertThat(run.getSources()).isEqualTo(1);
            });
            assertThat(specs.readToEnd())
                    .hasEntrySatisfying(
                            specification.version(),
                            bundle -> assertThat(Specification.fromBundle(bundle.getBundle()))
                                    .isEqualTo(specification));
        }
    }

    @Test
    void aRestartSkipsPublishedSourcesAndSendsTheOthersCompletely() throws IOException {
        PromptSettings both = SourceFixture.settings(
                Map.of(),
                SourceFixture.file(folder, "a.jsonl", rows(0, 20)),
                SourceFixture.file(folder, "b.jsonl", rows(20, 50)));
        published(both);
        Map<String, Long> first = countByFile();
        work.write("published", work.read("published").orElseThrow().replace(", \"b.jsonl\"", ""));

        PromptsApp second = published(both);

        assertThat(first).isEqualTo(Map.of("a.jsonl", 20L, "b.jsonl", 30L));
        assertThat(countByFile()).isEqualTo(Map.of("a.jsonl", 20L, "b.jsonl", 60L));
        assertThat(second.published()).isEqualTo(50);
        long records = prompts().size();
        PromptsApp third = app(both);
        assertThat(third.done()).isTrue();
        third.start();
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> prompts().size() == records + 2 * PARTITIONS);
        third.close();
        assertThat(ends(prompts(), "b.jsonl"))
                .as("end markers are repeated, in case one could not be decoded")
                .hasSize(3 * PARTITIONS);
    }

    @Test
    @Tag("slow")
    @Tag("ci")
    void afterACloseWithinAFileTheNextInstanceSendsItAgain() throws IOException {
        PromptSettings settings = SourceFixture.settings(
                Map.of(),
                SourceFixture.file(folder, "a.jsonl", rows(0, 10)),
                SourceFixture.file(folder, "b.jsonl", rows(10, 40_000)));
        PromptsApp first = app(settings);
        first.start();
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> first.published() > 10);

        first.close();

        assertThat(first.failure()).isEmpty();
        assertThat(first.done()).isFalse();
        assertThat(ends(prompts(), "b.jsonl")).isEmpty();
        PromptsApp second = published(settings);
        assertThat(second.published()).isEqualTo(40_000);
        List<Published> sent = prompts();
        assertThat(ends(sent, "a.jsonl")).as("sent by both").hasSize(2 * PARTITIONS);
        assertThat(ends(sent, "b.jsonl")).hasSize(PARTITIONS);
        assertThat(sent.stream().map(Published::key).distinct()).hasSize(40_002);
    }

    @Test
    void aRestartWithinAFileRepeatsSomeThousandRows() throws IOException {
        PromptSettings settings = SourceFixture.settings(
                Map.of(), SourceFixture.file(folder, "a.jsonl", rows(0, 12_000) + "\nnot a row"));
        published(settings);
        String checkpoint = work.read("published").orElseThrow();
        work.write(
                "published",
                checkpoint.replaceFirst(
                        "\"sources\" : \\[ \"a.jsonl\" ]",
                        "\"sources\" : [ ], \"current\" : \"a.jsonl\", \"rows\" : 10000"));

        PromptsApp second = published(settings);

        assertThat(second.published()).isEqualTo(12_001);
        assertThat(countByFile()).isEqualTo(Map.of("a.jsonl", 14_000L));
    }

    @Test
    void theCheckpointNamesTheRowsOfAnUnfinishedFile() throws IOException {
        PromptSettings settings = SourceFixture.settings(
                        Map.of(), SourceFixture.file(folder, "a.jsonl", rows(0, 6_000)))
                .withOpenSlots(3 * 5_500);
        PromptsApp app = app(settings);
        app.start();
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> app.published() == 5_500);
        assertThat(work.read("published").orElseThrow()).contains("\"rows\" : 5000");
        app.close();
        assertThat(app.done()).isFalse();
    }

    @Test
    void promptsAreWithheldUntilSlotsEnd() throws Exception {
        PromptSettings settings = SourceFixture.settings(Map.of(), SourceFixture.file(folder, "a.jsonl", rows(0, 400)))
                .withOpenSlots(3 * 10);
        PromptsApp app = app(settings);
        app.start();
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> app.published() == 10);
        Awaitility.await()
                .during(Duration.ofMillis(300))
                .atMost(Duration.ofSeconds(5))
                .until(() -> app.published() == 10);

        try (Producer<String, SpecificRecord> topology = kafka.producer("topology")) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                PartitionProgress progress = PartitionProgress.newBuilder()
                        .setRunId("run-1")
                        .setPartition(partition)
                        .setSlots(partition == 0 ? 30 : 0)
                        .setAccepted(partition == 0 ? 12 : 0)
                        .setRejected(Map.of())
                        .setInvalid(Map.of())
                        .setInFlight(partition == 0 ? Map.of("GENERATING", 18L) : Map.of())
                        .setReplayed(0)
                        .setStale(0)
                        .setPromptsRead(0)
                        .setSources(0)
                        .setComplete(false)
                        .setAsOf(Instant.EPOCH)
                        .setPromptsOffset(9)
                        .build();
                topology.send(new ProducerRecord<>(
                                kafka.namespace().name(Topics.PROGRESS), "run-1|" + partition, progress))
                        .get();
            }
        }
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> app.published() >= 14);
        app.close();
        assertThat(app.failure()).isEmpty();
        assertThat(app.done()).isFalse();
        assertThat(app.published()).isLessThan(400);
    }

    @Test
    void aFileThatChangedSinceTheCheckIsNotSent() throws IOException {
        Path file = SourceFixture.file(folder, "a.jsonl", rows(0, 5));
        PromptsApp app = app(SourceFixture.settings(Map.of(), file));
        Files.writeString(file, rows(0, 6));

        app.start();

        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(() -> app.failure().isPresent());
        app.close();
        assertThat(app.failure().orElseThrow())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("a.jsonl: changed since the run started");
        assertThat(app.done()).isFalse();
        assertThat(prompts()).isEmpty();
    }

    @Test
    void aPublishedPromptSaysWhichQuestionItHolds() throws IOException {
        EvaluationCompiler compiler = new EvaluationCompiler(MatchMethod.IDF);
        compiler.add(new EvaluationItem("quiz", 9, "Is question 3 the third one?"));
        compiler.add(new EvaluationItem("quiz", 10, "question 3 again"));
        evaluationSets = compiler.compile();
        Path file = SourceFixture.file(folder, "a.jsonl", rows(2, 4), "{\"prompt\": \"Question 3, again!\"}");

        published(SourceFixture.settings(Map.of(), file));

        assertThat(prompts().stream()
                        .map(p -> p.event().getBody())
                        .filter(Prompt.class::isInstance)
                        .map(body -> ((Prompt) body).getContamination())
                        .filter(Objects::nonNull))
                .containsExactly(new Contamination("quiz", 10L, "question 3 again", "idf", 1.0));
    }

    private PromptsApp app(PromptSettings settings) {
        return new PromptsApp(
                kafka,
                work,
                "run-1",
                "{\"a\":\"1\"}",
                SourceFixture.check(settings),
                settings,
                specification,
                SourceFixture.PARAMETERS,
                evaluationSets);
    }

    private PromptsApp published(PromptSettings settings) {
        PromptsApp app = app(settings);
        app.start();
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(() -> app.done() || app.failure().isPresent());
        app.close();
        assertThat(app.failure()).isEmpty();
        return app;
    }

    private static String rows(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> "{\"prompt\": \"question " + i + "\", \"categories\": \"fraud\"}")
                .collect(Collectors.joining("\n"));
    }

    private static String promptId(PromptEvent event) {
        return switch (event.getBody()) {
            case Prompt prompt -> prompt.getPromptId();
            case UnusableLine line -> line.getPromptId();
            default -> throw new AssertionError("not a line: " + event);
        };
    }

    private Map<String, Long> countByFile() {
        return prompts().stream()
                .map(p -> p.event().getBody())
                .filter(Prompt.class::isInstance)
                .collect(Collectors.groupingBy(
                        body -> ((Prompt) body).getOrigin().getFile(), TreeMap::new, Collectors.counting()));
    }

    private static List<EndMarker> ends(List<Published> all, String source) {
        return all.stream()
                .map(p -> p.event().getBody())
                .filter(body -> body instanceof EndMarker end && end.getSource().equals(source))
                .map(EndMarker.class::cast)
                .toList();
    }

    /** Asserts that each partition has one end marker per source, after all rows of the source. */
    private static void assertEndsComeLast(List<Published> all, String... sources) {
        for (String source : sources) {
            Map<Integer, Integer> endAt = new HashMap<>();
            for (int i = 0; i < all.size(); i++) {
                Published record = all.get(i);
                if (record.event().getBody() instanceof EndMarker end
                        && end.getSource().equals(source)) {
                    assertThat(end).isEqualTo(new EndMarker(source, record.partition(), sources.length, false));
                    assertThat(endAt.put(record.partition(), i)).isNull();
                } else if (record.event().getBody() instanceof Prompt prompt
                        && prompt.getOrigin().getFile().equals(source)) {
                    assertThat(endAt).doesNotContainKey(record.partition());
                }
            }
            assertThat(endAt).hasSize(PARTITIONS);
        }
    }

    private List<Published> prompts() {
        String topic = kafka.namespace().name(Topics.PROMPTS);
        List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(p -> new TopicPartition(topic, p))
                .toList();
        List<Published> all = new ArrayList<>();
        try (Consumer<String, byte[]> consumer = kafka.consumer("test", Map.of());
                Deserializer<PromptEvent> values = kafka.serdes().deserializer(Topics.PROMPTS)) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    all.add(new Published(record.partition(), record.key(), values.deserialize(topic, record.value())));
                }
            }
        }
        return all;
    }
}
