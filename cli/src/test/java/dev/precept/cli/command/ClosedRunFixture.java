package dev.precept.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.precept.kafka.EmbeddedBroker;
import dev.precept.kafka.KafkaAccess;
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

/** Two runs of a dataset on a shared broker, the first of which is complete. */
final class ClosedRunFixture implements AutoCloseable {
    private static final Path ROOT =
            Path.of(System.getProperty("precept.root", ".")).toAbsolutePath();
    private static final int PARTITIONS = 2;

    private final Path folder;
    private final EmbeddedBroker broker;

    private ClosedRunFixture(Path folder, EmbeddedBroker broker) {
        this.folder = folder;
        this.broker = broker;
    }

    static ClosedRunFixture start(Path folder) throws IOException {
        ClosedRunFixture fixture = new ClosedRunFixture(folder, EmbeddedBroker.start(folder.resolve("kafka"), 0));
        try {
            List<String> starter = Files.readAllLines(ROOT.resolve("starter/prompts/starter.jsonl"));
            Files.write(folder.resolve("first.jsonl"), starter.subList(0, 8));
            Files.write(folder.resolve("second.jsonl"), starter.subList(8, 14));
            fixture.recipe("first", "v1");
            fixture.recipe("second", "v2");
            CommandResult commandResult = fixture.run("first", "first");
            assertThat(commandResult.code())
                    .as(commandResult.out() + commandResult.err())
                    .isZero();
        } catch (Throwable e) {
            fixture.close();
            throw e;
        }
        return fixture;
    }

    @Override
    public void close() {
        broker.close();
    }

    /** A work folder of the run without its final progress. */
    void again(String run, String work) throws IOException {
        Files.createDirectories(folder.resolve(work));
        for (String file : List.of("run.json", "secret")) {
            Files.copy(folder.resolve(run).resolve(file), folder.resolve(work).resolve(file));
        }
    }

    void recipe(String run, String version) throws IOException {
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

    String file(String run) {
        return folder.resolve(run + ".yaml").toString();
    }

    String dataset() {
        return folder.resolve("dataset").toString();
    }

    CommandResult run(String run, String work) {
        return CommandResult.run(
                "run", file(run), "--work", folder.resolve(work).toString());
    }

    CommandResult clean(String run, String... more) {
        List<String> args = new ArrayList<>(List.of("topics", "clean", "--recipe", file(run)));
        args.addAll(List.of(more));
        return CommandResult.run(args.toArray(String[]::new));
    }

    CommandResult done(CommandResult commandResult) {
        assertThat(commandResult.code())
                .as(commandResult.out() + commandResult.err())
                .isZero();
        return commandResult;
    }

    Set<String> samples() {
        return new Oracle(Path.of(dataset()))
                .committedSamples().stream()
                        .map(keptSample -> keptSample.promptId() + "#" + keptSample.slot())
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    KafkaAccess access() {
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
    StreamsApp streams() {
        StreamsApp streams = new StreamsApp(access(), folder.resolve("streams"), 1);
        streams.start();
        return streams;
    }

    void await(Callable<Boolean> until) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(100))
                .until(until);
    }

    boolean promptsAreRead() throws ExecutionException, InterruptedException {
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
    Set<String> ledger(String run) {
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

    Set<String> topics() throws ExecutionException, InterruptedException {
        try (Admin admin = access().admin()) {
            return admin.listTopics().names().get();
        }
    }

    List<Long> beginningOffsets(Topic<?> topic) throws ExecutionException, InterruptedException {
        return offsets(topic, OffsetSpec.earliest());
    }

    /** The records that a consumer still reads; transaction markers are offsets without a record. */
    List<Object> records(Topic<?> topic) {
        List<Object> records = new ArrayList<>();
        read("cleaned." + topic.name(), record -> records.add(record.key()));
        return records;
    }

    void read(String topic, Consumer<ConsumerRecord<String, byte[]>> each) {
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

    List<Long> offsets(Topic<?> topic, OffsetSpec which) throws ExecutionException, InterruptedException {
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
