package dev.precept.sinks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.precept.config.ConfigurationException;
import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.EmbeddedBroker;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.DeadLetter;
import dev.precept.schemas.Topics;
import dev.precept.testkit.Oracle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SinkCommitTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void aMarkerClosesAFileAndUndecodableRecordsBecomeDeadLetters() throws Exception {
        try (SinkFixture sink = sink("marker", SinkFixture.LATE)) {
            sink.app().start();
            sink.stream().publish(3);
            raw(sink.kafka(), List.of(new byte[] {1, 2, 3}, new byte[0], new byte[2_000]));
            sink.stream().publish(2);
            sink.stream().end();
            SampleStream.awaitEnd(sink.dataset());

            List<Path> commits = SampleStream.commits(sink.dataset());
            assertThat(commits).hasSize(1);
            JsonNode commit = JSON.readTree(commits.getFirst().toFile());
            assertThat(commit.get("to").longValue()).isEqualTo(9);
            assertThat(commit.get("rows").longValue()).isEqualTo(5);
            assertThat(commit.get("unreadable").longValue()).isEqualTo(3);
            requireComplete(sink);
            try (CompactedTopic<DeadLetter> letters = new CompactedTopic<>(sink.kafka(), Topics.DEAD_LETTERS)) {
                assertThat(letters.readToEnd().values())
                        .extracting(DeadLetter::getOffset)
                        .containsExactlyInAnyOrder(3L, 4L, 5L);
            }
        }
    }

    @Test
    @Tag("slow")
    @Tag("ci")
    void theSpoolLimitCommitsTheLargestFile() throws Exception {
        SinkSettings small = new SinkSettings(1_000_000, 1 << 30, Duration.ofHours(1), 50_000);
        try (SinkFixture sink = sink("limit", small)) {
            sink.app().start();
            sink.stream()
                    .publishUntil(
                            "commits forced by the spool limit",
                            () -> SampleStream.commits(sink.dataset()).size() > 2);
            sink.stream().end();
            SampleStream.awaitEnd(sink.dataset());
            requireComplete(sink);
        }
    }

    @Test
    void bufferedRecordsAreCommittedWhenTheSinkStops() throws Exception {
        SinkFixture sink = sink("stop", SinkFixture.LATE);
        sink.app().start();
        sink.stream().publish(5);
        Path spool = folder.resolve("stop/spool/sink-0");
        Awaitility.await()
                .atMost(SinkFixture.PATIENCE)
                .until(() -> spool.toFile().list().length == 1);
        sink.close();
        requireComplete(sink);
        assertThat(spool.toFile().list()).isEmpty();
    }

    @Test
    void aRecreatedTopicStopsTheSink() throws Exception {
        try (SinkFixture sink = sink("again", new SinkSettings(10, 1 << 20, Duration.ofMillis(100), 1 << 20))) {
            sink.app().start();
            sink.stream()
                    .publishUntil(
                            "a commit",
                            () -> !SampleStream.commits(sink.dataset()).isEmpty());
            try (Admin admin = sink.kafka().admin()) {
                admin.deleteTopics(List.of(sink.kafka().namespace().name(Topics.SAMPLES)))
                        .all()
                        .get();
            }
            Awaitility.await().atMost(SinkFixture.PATIENCE).ignoreExceptions().until(() -> {
                DatasetTopics.ensure(sink.kafka(), (short) 1);
                return true;
            });
            String deleted =
                    String.format(Locale.ROOT, "%020d.json", sink.stream().published());
            sink.stream().publish(1_000);
            assertThat(sink.awaitFailure())
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("deleted and recreated");
            // What was buffered of the deleted topic may be committed meanwhile.
            List<Path> commits = SampleStream.commits(sink.dataset());
            assertThat(commits)
                    .extracting(Path::getParent)
                    .containsOnly(commits.getFirst().getParent());
            assertThat(commits)
                    .extracting(commit -> commit.getFileName().toString())
                    .allMatch(from -> from.compareTo(deleted) < 0);
        }
    }

    @Test
    void aPartitionThatTheDatasetDoesNotHaveStopsTheSink() throws Exception {
        try (SinkFixture sink = sink("grown", SinkFixture.LATE)) {
            try (Admin admin = sink.kafka().admin()) {
                admin.createPartitions(
                                Map.of(sink.kafka().namespace().name(Topics.SAMPLES), NewPartitions.increaseTo(2)))
                        .all()
                        .get();
            }
            sink.app().start();
            assertThat(sink.awaitFailure())
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("samples-1: the dataset " + sink.dataset() + " was made with 1 partitions");
            assertThat(SampleStream.commits(sink.dataset())).isEmpty();
        }
    }

    @Test
    void recordsDeletedBeforeTheirCommitStopTheSink() throws Exception {
        try (SinkFixture sink = sink("deleted", SinkFixture.LATE)) {
            sink.stream().publish(10);
            try (Admin admin = sink.kafka().admin()) {
                admin.deleteRecords(Map.of(
                                new TopicPartition(sink.kafka().namespace().name(Topics.SAMPLES), 0),
                                RecordsToDelete.beforeOffset(5)))
                        .all()
                        .get();
            }
            sink.app().start();
            assertThat(sink.awaitFailure())
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("starts at offset 5, its chain in " + sink.dataset() + " ends at 0")
                    .hasMessageContaining("start a new dataset");
        }
    }

    @Test
    void aSecondSinkOfTheSameOrdinalIsFenced() throws Exception {
        try (SinkFixture first = sink("twins", SinkFixture.LATE)) {
            first.app().start();
            first.stream().publish(1);
            Path spool = folder.resolve("twins/spool/sink-0");
            Awaitility.await()
                    .atMost(SinkFixture.PATIENCE)
                    .until(() -> spool.toFile().list().length == 1);
            try (SinkFixture second = new SinkFixture(
                    broker.address(),
                    folder.resolve("twins"),
                    "twins",
                    SinkFixture.LATE,
                    first.dataset(),
                    folder.resolve("other-spool"))) {
                second.app().start();
                assertThat(first.awaitFailure())
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining("--ordinal");
            }
        }
    }

    private static SinkFixture sink(String name, SinkSettings settings) throws Exception {
        return new SinkFixture(broker.address(), folder.resolve(name), name, settings);
    }

    private static void raw(KafkaAccess kafka, List<byte[]> values) throws Exception {
        try (Producer<String, byte[]> producer =
                new KafkaProducer<>(kafka.clientSettings("raw"), new StringSerializer(), new ByteArraySerializer())) {
            for (byte[] value : values) {
                // An empty value stands for a tombstone.
                producer.send(new ProducerRecord<>(
                                kafka.namespace().name(Topics.SAMPLES), 0, "key", value.length == 0 ? null : value))
                        .get();
            }
        }
    }

    private static void requireComplete(SinkFixture sink) {
        Oracle oracle = new Oracle(sink.dataset());
        assertThat(oracle.problems()).isEmpty();
        assertThat(oracle.committedSamples())
                .containsExactlyInAnyOrderElementsOf(sink.stream().expected());
    }
}
