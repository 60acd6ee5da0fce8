package dev.precept.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import dev.precept.records.Run;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
final class DatasetTopicsTest {
    private static final short ONE = 1;

    @TempDir
    private static Path folder;

    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(folder, 0);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static KafkaAccess access(String prefix, int partitions) {
        return KafkaFixture.access(broker.address(), folder, prefix, partitions);
    }

    @Test
    void everyTopicOfTheCatalogueIsCreatedOnce() throws Exception {
        KafkaAccess kafka = access("created", 3);
        Map<String, String> ids = DatasetTopics.ensure(kafka, ONE);
        assertThat(ids.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        Topics.all().stream().map(Topic::name).toList());
        assertThat(ids.values()).doesNotHaveDuplicates();
        assertThat(DatasetTopics.ensure(kafka, ONE)).isEqualTo(ids);
    }

    @Test
    void missingTopicsAreAdded() throws Exception {
        KafkaAccess kafka = access("added", 2);
        Map<String, String> before = DatasetTopics.ensure(kafka, ONE);
        try (Admin admin = kafka.admin()) {
            admin.deleteTopics(List.of(kafka.namespace().name(Topics.SPEND)))
                    .all()
                    .get();
        }
        Map<String, String> after = DatasetTopics.ensure(kafka, ONE);
        assertThat(after.keySet()).isEqualTo(before.keySet());
        assertThat(after.get("spend")).isNotEqualTo(before.get("spend"));
        assertThat(after.get("prompts")).isEqualTo(before.get("prompts"));
    }

    @Test
    void aDifferentPartitionCountIsRejectedForEveryTopic() throws Exception {
        DatasetTopics.ensure(access("grown", 2), ONE);
        assertThatThrownBy(() -> DatasetTopics.ensure(access("grown", 4), ONE))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        e -> assertThat(e.problems())
                                .hasSize(Topics.all().size() - 4) // task topics may grow, shards are not partitions
                                .allMatch(problem ->
                                        problem.contains("has 2 partitions, not 4 as the recipe says; give 2")));
    }

    @Test
    void anotherNumberOfShardsIsRefused() throws Exception {
        DatasetTopics.ensure(access("shards", 2).withShards(3), ONE);
        DatasetTopics.ensure(access("shards", 2).withShards(3), ONE);
        assertThatThrownBy(() -> DatasetTopics.ensure(access("shards", 2), ONE))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        e -> assertThat(e.problems())
                                .containsExactlyInAnyOrder(
                                        "neardup.shards: topic shards.prompt-signatures has 3 partitions, not 1 as the recipe"
                                                + " says; give 3; shards of a dataset are fixed: start a new dataset to"
                                                + " change them",
                                        "neardup.shards: topic shards.reasoning-signatures has 3 partitions, not 1 as the"
                                                + " recipe says; give 3; shards of a dataset are fixed: start a new"
                                                + " dataset to change them"));
    }

    @Test
    void recordsNeverExpireAndCompactedTopicsKeepTheLatest() throws Exception {
        KafkaAccess kafka = access("kept", 1);
        DatasetTopics.ensure(kafka, ONE);
        assertThat(setting(kafka, Topics.PROMPTS, "retention.ms")).isEqualTo("-1");
        assertThat(setting(kafka, Topics.PROMPTS, "cleanup.policy")).isEqualTo("delete");
        assertThat(setting(kafka, Topics.PROGRESS, "cleanup.policy")).isEqualTo("compact");
        assertThat(setting(kafka, Topics.CANDIDATES, "max.message.bytes")).isEqualTo("4194304");
    }

    @Test
    void taskTopicsHaveTheirOwnPartitionsAndMayGrow() throws Exception {
        KafkaAccess few = access("tasks", 2);
        DatasetTopics.ensure(few, ONE);
        KafkaAccess more = few.withTaskPartitions(5);
        DatasetTopics.ensure(more, ONE);
        try (Admin admin = more.admin()) {
            Map<String, Integer> partitions = new HashMap<>();
            admin.describeTopics(
                            Topics.all().stream().map(more.namespace()::name).toList())
                    .allTopicNames()
                    .get()
                    .forEach((name, topic) ->
                            partitions.put(name, topic.partitions().size()));
            for (Topic<?> topic : Topics.all()) {
                assertThat(partitions.get(more.namespace().name(topic)))
                        .as(topic.name())
                        .isEqualTo(more.partitions(topic));
                assertThat(more.partitionsOf(more.namespace().name(topic))).hasSize(more.partitions(topic));
            }
        }
        assertThatThrownBy(() -> DatasetTopics.ensure(few, ONE))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("topics.task_partitions: topic tasks.generation-tasks has 5 partitions, not 2");
    }

    @Test
    void settingsOfExistingTopicsAreBroughtUpToDate() throws Exception {
        KafkaAccess kafka = access("old", 1);
        try (Admin admin = kafka.admin()) {
            admin.createTopics(List.of(new NewTopic(kafka.namespace().name(Topics.PROGRESS), 1, ONE)
                            .configs(Map.of("cleanup.policy", "compact", "segment.ms", "604800000"))))
                    .all()
                    .get();
        }
        DatasetTopics.ensure(kafka, ONE);
        assertThat(setting(kafka, Topics.PROGRESS, "segment.ms")).isEqualTo("600000");
        assertThat(setting(kafka, Topics.PROGRESS, "segment.bytes")).isEqualTo("16777216");
        assertThat(setting(kafka, Topics.PROGRESS, "min.cleanable.dirty.ratio")).isEqualTo("0.1");
        assertThat(setting(kafka, Topics.PROGRESS, "max.message.bytes")).isEqualTo("4194304");
    }

    private static String setting(KafkaAccess kafka, Topic<?> topic, String name) throws Exception {
        ConfigResource resource =
                new ConfigResource(ConfigResource.Type.TOPIC, kafka.namespace().name(topic));
        try (Admin admin = kafka.admin()) {
            Map<ConfigResource, Config> all =
                    admin.describeConfigs(List.of(resource)).all().get();
            return all.values().stream().map(config -> config.get(name).value()).collect(Collectors.joining());
        }
    }

    @Test
    void theLatestRecordOfEachKeyIsReadAndATombstoneRemovesIt() throws Exception {
        KafkaAccess kafka = access("newest", 3);
        DatasetTopics.ensure(kafka, ONE);
        try (Producer<String, SpecificRecord> producer = kafka.producer("writer");
                CompactedTopic<Run> newest = new CompactedTopic<>(kafka, Topics.RUNS)) {
            assertThat(newest.readToEnd()).isEmpty();
            send(producer, kafka, "a", run("a", 1));
            send(producer, kafka, "b", run("b", 1));
            send(producer, kafka, "a", run("a", 2));
            assertThat(newest.readToEnd()).isEqualTo(Map.of("a", run("a", 2), "b", run("b", 1)));
            send(producer, kafka, "b", null);
            send(producer, kafka, "c", run("c", 3));
            assertThat(newest.readToEnd()).isEqualTo(Map.of("a", run("a", 2), "c", run("c", 3)));
        }
        try (CompactedTopic<Run> fromTheBeginning = new CompactedTopic<>(kafka, Topics.RUNS)) {
            assertThat(fromTheBeginning.readToEnd()).containsOnlyKeys("a", "c");
        }
    }

    @Test
    void aPlainConfluentConsumerReadsWhatAProducerWrote() throws Exception {
        KafkaAccess kafka = access("plain", 1);
        DatasetTopics.ensure(kafka, ONE);
        try (Producer<String, SpecificRecord> producer = kafka.producer("writer")) {
            send(producer, kafka, "a", run("a", 7));
        }
        KafkaAvroDeserializer plain = new KafkaAvroDeserializer();
        plain.configure(Map.of("schema.registry.url", "mock://plain"), false);
        try (KafkaConsumer<String, Object> consumer =
                new KafkaConsumer<>(Map.of("bootstrap.servers", broker.address()), new StringDeserializer(), plain)) {
            TopicPartition topicPartition = new TopicPartition(kafka.namespace().name(Topics.RUNS), 0);
            consumer.assign(List.of(topicPartition));
            consumer.seekToBeginning(List.of(topicPartition));
            List<ConsumerRecord<String, Object>> records = new ArrayList<>();
            while (consumer.position(topicPartition) < 1) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            assertThat(records).singleElement().satisfies(record -> {
                assertThat(record.key()).isEqualTo("a");
                GenericRecord value = (GenericRecord) record.value();
                assertThat(value.get("run_id")).hasToString("a");
                assertThat(value.get("sources")).isEqualTo(7);
            });
        }
    }

    @Test
    void aConsumerNeverResetsItsOffsetSilently() throws Exception {
        KafkaAccess kafka = access("reset", 1);
        DatasetTopics.ensure(kafka, ONE);
        try (var consumer = kafka.consumer("reader", Map.of("group.id", "reset.unused"))) {
            consumer.assign(List.of(new TopicPartition(kafka.namespace().name(Topics.RUNS), 0)));
            assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(10)))
                    .isInstanceOf(org.apache.kafka.clients.consumer.NoOffsetForPartitionException.class);
        }
    }

    private static Run run(String id, int sources) {
        return new Run(id, "{}", sources, Instant.EPOCH, false, false, null);
    }

    private static void send(
            Producer<String, SpecificRecord> producer, KafkaAccess kafka, String key, @Nullable Run run)
            throws Exception {
        producer.send(new ProducerRecord<>(kafka.namespace().name(Topics.RUNS), key, run))
                .get();
    }
}
