package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.EmbeddedBroker;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.PartitionProgress;
import dev.precept.schemas.Namespace;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import dev.precept.streams.StreamsApp;
import dev.precept.testkit.Oracle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Cleaning deletes what a closed run left on a shared broker, and changes nothing else. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ClosedRunCleanupTest {
    private static final Path ROOT =
            Path.of(System.getProperty("precept.root", ".")).toAbsolutePath();
    private static final int PARTITIONS = 2;
    private static final List<Topic<?>> EMPTIED = List.of(
            Topics.PROMPTS,
            Topics.GENERATION_TASKS,
            Topics.CANDIDATES,
            Topics.JUDGING_TASKS,
            Topics.VERDICTS,
            Topics.SAMPLES,
            Topics.REJECTIONS);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    private static EmbeddedBroker broker;

    private static Set<String> made = Set.of();

    @BeforeAll
    static void runOnce() throws IOException {
        broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
        List<String> starter = Files.readAllLines(ROOT.resolve("starter/prompts/starter.jsonl"));
        Files.write(folder.resolve("first.jsonl"), starter.subList(0, 8));
        Files.write(folder.resolve("second.jsonl"), starter.subList(8, 14));
        recipe("first", "v1");
        recipe("second", "v2");
        CommandResult commandResult = run("first", "first");
        assertThat(commandResult.code())
                .as(commandResult.out() + commandResult.err())
                .isZero();
        made = samples();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    @Order(1)
    void anUnknownRunIsRefused() {
        CommandResult commandResult = clean("first", "--run", "none");
        assertThat(commandResult.code()).isEqualTo(2);
        assertThat(commandResult.err())
                .contains("--run none", "its runs are first")
                .doesNotContain("Exception");
    }

    @Test
    @Order(2)
    void aDryRunDeletesNothing() throws Exception {
        CommandResult commandResult = done(clean("first", "--dry-run"));
        assertThat(commandResult.out())
                .contains(
                        "cleaned.prompts  ",
                        "cleaned.progress  2 keys",
                        "ledger  8 rows",
                        "run first: would be deleted");
        assertThat(beginningOffsets(Topics.PROMPTS)).containsOnly(0L);
        assertThat(ledger("first")).hasSize(8 + 8);
    }

    @Test
    @Order(3)
    void withoutTheStreamsRoleTheLedgerRowsStay() {
        for (int times = 0; times < 2; times++) {
            assertThat(done(clean("first")).out())
                    .contains(
                            "ledger  8 rows",
                            "run first: deleted; the dataset",
                            "run first: 8 ledger rows will be deleted when the streams role next starts\n");
        }
        assertThat(ledger("first")).hasSize(8 + 8);
    }

    @Test
    @Order(4)
    void committedRecordsProgressAndLedgerRowsAreDeleted() throws Exception {
        try (StreamsApp streams = streams()) {
            await(() -> ledger("first").isEmpty() && promptsAreRead());
            assertThat(streams.failure()).isEmpty();
            CommandResult commandResult = done(clean("first"));
            assertThat(commandResult.out()).contains("cleaned.prompts  ", "run first: deleted; the dataset");
            assertThat(commandResult.out()).doesNotContain("ledger");
        }
        for (Topic<?> topic : EMPTIED) {
            assertThat(records(topic)).as(topic.name()).isEmpty();
        }
        try (CompactedTopic<PartitionProgress> progress = new CompactedTopic<>(access(), Topics.PROGRESS)) {
            assertThat(progress.readToEnd()).isEmpty();
        }
        assertThat(done(clean("first")).out()).isEqualTo("run first: nothing left to delete\n");
        assertThat(samples()).isEqualTo(made);
        assertThat(done(CommandResult.run("audit", dataset())).out()).contains("  clean  run=first");
    }

    @Test
    @Order(5)
    void theCleanedRunIsComplete() {
        assertThat(done(run("first", "first")).out()).contains("run first is complete");
    }

    @Test
    @Order(6)
    void anotherRunOfTheDatasetWorks() {
        done(run("second", "second"));
        assertThat(new Oracle(Path.of(dataset())).problems()).isEmpty();
        assertThat(samples()).containsAll(made).hasSizeGreaterThan(made.size());
        done(CommandResult.run("verify", dataset()));
        made = samples();
    }

    @Test
    @Order(7)
    void promptsThatAreRepublishedLaterAreReplays() throws IOException {
        try (StreamsApp streams = streams()) {
            assertThat(done(clean("second")).out())
                    .contains("ledger  6 rows", "run second: deleted", "run second: 6 ledger rows deleted\n");
            assertThat(streams.failure()).isEmpty();
            assertThat(done(clean("second")).out()).isEqualTo("run second: nothing left to delete\n");
        }
        assertThat(ledger("second")).isEmpty();
        again("first", "replayed");
        CommandResult commandResult = run("first", "replayed");
        assertThat(commandResult.code())
                .as(commandResult.out() + commandResult.err())
                .isZero();
        assertThat(samples()).isEqualTo(made);
        assertThat(ledger("first")).isEmpty();
        try (CompactedTopic<PartitionProgress> progress = new CompactedTopic<>(access(), Topics.PROGRESS)) {
            assertThat(progress.readToEnd().values().stream()
                            .filter(partitionProgress ->
                                    partitionProgress.getRunId().equals("first"))
                            .mapToLong(PartitionProgress::getReplayed)
                            .sum())
                    .isEqualTo(8);
        }
        done(clean("first"));
    }

    @Test
    @Order(8)
    void aResetNeedsConfirmationAndIdleRoles() throws Exception {
        assertThat(done(clean("first", "--all")).out())
                .contains("topic cleaned.streams-ledger-changelog", "group cleaned.sink", "give --yes");
        assertThat(topics()).contains("cleaned.prompts");
        try (StreamsApp streams = streams()) {
            await(() -> streams.startupProblem().isEmpty());
            CommandResult busy = clean("first", "--all", "--yes");
            assertThat(busy.code()).isEqualTo(2);
            assertThat(busy.err()).contains("group cleaned.", "stop all roles");
        }
        // Static members stay in their group until their session times out.
        await(() -> clean("first", "--all", "--yes").code() == 0);
        assertThat(topics()).noneMatch(topic -> topic.startsWith("cleaned."));
        done(CommandResult.run("verify", dataset()));
    }

    @Test
    @Order(9)
    void aRunIsRecoveredFromItsChains() {
        String work = folder.resolve("recovered").toString();
        CommandResult other = CommandResult.run(
                "recover", file("first"), "--work", folder.resolve("other").toString(), "--samples", "2");
        assertThat(other.code()).isEqualTo(2);
        assertThat(other.err()).contains("generator.samples was 1, is 2");
        done(CommandResult.run("recover", file("first"), "--work", work));
        CommandResult commandResult = clean("first");
        assertThat(commandResult.code()).as(commandResult.out()).isEqualTo(2);
        assertThat(commandResult.err()).contains("open runs: first; nothing was deleted");
        done(run("first", "recovered"));
        assertThat(samples()).isEqualTo(made);
        assertThat(new Oracle(Path.of(dataset())).problems()).isEmpty();
        done(clean("first"));
    }

    /** A work folder of the run without its final progress. */
    private static void again(String run, String work) throws IOException {
        Files.createDirectories(folder.resolve(work));
        for (String file : List.of("run.json", "secret")) {
            Files.copy(folder.resolve(run).resolve(file), folder.resolve(work).resolve(file));
        }
    }

    private static void recipe(String run, String version) throws IOException {
        Files.writeString(folder.resolve(run + ".yaml"), """
                run: %1$s
                dataset: %2$s
                prompts: {files: [%3$s]}
                spec: %4$s
                release: {name: %5$s}
                topics: {prefix: cleaned, partitions: %6$d, replication: 1}
                kafka: {bootstrap.servers: '%7$s', schema.registry.url: 'file:%8$s'}
                """.formatted(
                        run,
                        dataset(),
                        folder.resolve(run + ".jsonl"),
                        ROOT.resolve("starter/spec"),
                        version,
                        PARTITIONS,
                        broker.address(),
                        folder.resolve("schemas.json")));
    }

    private static String file(String run) {
        return folder.resolve(run + ".yaml").toString();
    }

    private static String dataset() {
        return folder.resolve("dataset").toString();
    }

    private static CommandResult run(String run, String work) {
        return CommandResult.run(
                "run", file(run), "--work", folder.resolve(work).toString());
    }

    private static CommandResult clean(String run, String... more) {
        List<String> args = new ArrayList<>(List.of("topics", "clean", "--recipe", file(run)));
        args.addAll(List.of(more));
        return CommandResult.run(args.toArray(String[]::new));
    }

    private static CommandResult done(CommandResult commandResult) {
        assertThat(commandResult.code())
                .as(commandResult.out() + commandResult.err())
                .isZero();
        return commandResult;
    }

    private static Set<String> samples() {
        return new Oracle(Path.of(dataset()))
                .committedSamples().stream()
                        .map(keptSample -> keptSample.promptId() + "#" + keptSample.slot())
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    private static KafkaAccess access() {
        return KafkaAccess.fromSettings(
                new Namespace("cleaned"),
                PARTITIONS,
                Map.of(
                        KafkaAccess.BOOTSTRAP,
                        broker.address(),
                        KafkaAccess.REGISTRY,
                        "file:" + folder.resolve("schemas.json")));
    }

    /** Starts the streams role. */
    private static StreamsApp streams() {
        StreamsApp streams = new StreamsApp(access(), folder.resolve("streams"), 1);
        streams.start();
        return streams;
    }

    private static void await(Callable<Boolean> until) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .until(until);
    }

    private static boolean promptsAreRead() throws ExecutionException, InterruptedException {
        try (Admin admin = access().admin()) {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets("cleaned.streams")
                    .partitionsToOffsetAndMetadata()
                    .get();
            List<Long> ends = offsets(Topics.PROMPTS, OffsetSpec.latest());
            return committed.entrySet().stream()
                            .filter(each -> each.getKey().topic().equals("cleaned.prompts"))
                            .mapToLong(each -> each.getValue().offset())
                            .sum()
                    == ends.stream().mapToLong(Long::longValue).sum();
        }
    }

    /** Rows and owners of a run, as restored from the changelogs. */
    private static Set<String> ledger(String run) {
        Set<String> keys = new TreeSet<>();
        for (String store : List.of("ledger", "prompt-owners")) {
            read("cleaned.streams-" + store + "-changelog", record -> {
                String key = store + " " + record.key();
                if (record.value() == null) {
                    keys.remove(key);
                } else if (record.key().startsWith(run + "|")) {
                    keys.add(key);
                }
            });
        }
        return keys;
    }

    private static Set<String> topics() throws ExecutionException, InterruptedException {
        try (Admin admin = access().admin()) {
            return admin.listTopics().names().get();
        }
    }

    private static List<Long> beginningOffsets(Topic<?> topic) throws ExecutionException, InterruptedException {
        return offsets(topic, OffsetSpec.earliest());
    }

    /** The records that a consumer still reads; transaction markers are offsets without a record. */
    private static List<Object> records(Topic<?> topic) {
        List<Object> records = new ArrayList<>();
        read("cleaned." + topic.name(), record -> records.add(record.key()));
        return records;
    }

    private static void read(String topic, Consumer<ConsumerRecord<String, byte[]>> each) {
        List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        try (var consumer = access().consumer("left", Map.of())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(each);
            }
        }
    }

    private static List<Long> offsets(Topic<?> topic, OffsetSpec which)
            throws ExecutionException, InterruptedException {
        try (Admin admin = access().admin()) {
            var listed = admin.listOffsets(IntStream.range(0, PARTITIONS)
                    .boxed()
                    .collect(Collectors.toMap(
                            partition -> new TopicPartition("cleaned." + topic.name(), partition),
                            partition -> which)));
            return listed.all().get().values().stream()
                    .map(found -> found.offset())
                    .toList();
        }
    }
}
