package dev.precept.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import dev.precept.records.Run;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedBrokerTest {
    @TempDir
    private Path folder;

    @Test
    void acknowledgedRecordsSurviveARestartOnTheSameFolder() throws Exception {
        Map<String, String> ids;
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
            KafkaAccess kafka = KafkaFixture.access(broker.address(), folder, "kept", 2);
            ids = DatasetTopics.ensure(kafka, (short) 1);
            try (Producer<String, SpecificRecord> producer = kafka.producer("writer")) {
                String topic = kafka.namespace().name(Topics.RUNS);
                Run run = new Run("run-1", "{}", 1, Instant.EPOCH, false, false, null);
                producer.send(new ProducerRecord<>(topic, 1, "run-1", run)).get();
            }
        }
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
            KafkaAccess kafka = KafkaFixture.access(broker.address(), folder, "kept", 2);
            assertThat(DatasetTopics.ensure(kafka, (short) 1)).isEqualTo(ids);
            assertThat(KafkaFixture.read(kafka, Topics.RUNS, 1)).singleElement().satisfies(record -> {
                assertThat(record.key()).isEqualTo("run-1");
                assertThat(record.offset()).isZero();
            });
            assertThat(KafkaFixture.read(kafka, Topics.RUNS, 0)).isEmpty();
        }
    }

    @Test
    void kafkaReadsAFolderWithLettersBeyondAscii() throws IOException {
        Map<String, String> settings = Map.of("log.dirs", "/srv/m\u00fcller/\u0416/log");
        Path file = folder.resolve("server.properties");
        EmbeddedBroker.store(settings, file);
        assertThat(Utils.loadProps(file.toString())).isEqualTo(settings);
    }

    @Test
    void tooFewOpenFilesAreFoundBeforeTheNodeStarts() {
        EmbeddedBroker.requireOpenFiles(1024);
        assertThatThrownBy(() -> EmbeddedBroker.requireOpenFiles(1023))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("this process may open 1023 files, and the embedded Kafka needs 1024; raise");
    }

    @Test
    void itListensOnTheLoopbackInterfaceOnly() {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
            assertThat(broker.address()).matches("127\\.0\\.0\\.1:\\d+");
        }
    }

    /** On a loaded machine a transaction ends in seconds; batches of the next one must not be refused meanwhile. */
    @Test
    void aTransactionWaitsForTheOneBeforeIt() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0);
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.address()))) {
            ConfigResource node = new ConfigResource(ConfigResource.Type.BROKER, "1");
            Config config = Objects.requireNonNull(
                    admin.describeConfigs(List.of(node)).all().get().get(node));
            assertThat(Integer.parseInt(config.get("add.partitions.to.txn.retry.backoff.max.ms")
                            .value()))
                    .isBetween(
                            5_000,
                            Integer.parseInt(config.get("request.timeout.ms").value()));
        }
    }

    @Test
    void aPortInUseIsAConfigurationErrorThatNamesThePort() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> EmbeddedBroker.start(folder, taken.getLocalPort()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("embedded.port: " + taken.getLocalPort() + " is in use")
                    .hasMessageContaining("choose another, or 0");
        }
    }
}
