package dev.precept.kafka;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.precept.config.ConfigurationException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ClusterFeaturesTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:1", "no-such-host.invalid:9092"})
    void aClusterThatDoesNotAnswerIsNamed(String address) {
        KafkaAccess kafka = KafkaFixture.access(address, folder, "features", 1);
        assertThatThrownBy(() -> ClusterFeatures.requireTransactions(kafka, 300))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Kafka at " + address + " does not answer (")
                .hasMessageEndingWith("); check kafka.bootstrap.servers and the settings beside it");
    }

    @Test
    void aClusterWithOldTransactionsIsRejected() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0)) {
            KafkaAccess kafka = KafkaFixture.access(broker.address(), folder, "features", 1);
            assertThatCode(() -> ClusterFeatures.requireTransactions(kafka)).doesNotThrowAnyException();
            try (Admin admin = kafka.admin()) {
                admin.updateFeatures(
                                Map.of("transaction.version", new FeatureUpdate((short) 1, UpgradeType.SAFE_DOWNGRADE)),
                                new UpdateFeaturesOptions())
                        .all()
                        .get();
            }
            Awaitility.await()
                    .untilAsserted(() -> assertThatThrownBy(() -> ClusterFeatures.requireTransactions(kafka))
                            .isInstanceOf(ConfigurationException.class)
                            .hasMessageContaining(
                                    "transaction.version 1, exactly-once processing needs 2; raise it with"));
        }
    }
}
