package dev.precept.kafka;

import dev.precept.config.ConfigurationException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.common.KafkaException;

/** What the topology needs of a Kafka cluster. */
public final class ClusterFeatures {
    private static final String TRANSACTIONS = "transaction.version";
    private static final short REQUIRED = 2;
    private static final int START_TIMEOUT_MILLIS = 20_000;

    private ClusterFeatures() {}

    /**
     * Requires transactions of version 2 (KIP-890). With an older one, a delayed request of a former instance can end up in
     * a later transaction, which then commits records of two events, or blocks its readers. A cluster that was upgraded from
     * Kafka 3 keeps the old version until an operator raises it.
     *
     * @throws ConfigurationException if the cluster has an older version
     * @throws IllegalStateException if the cluster does not answer
     */
    public static void requireTransactions(KafkaAccess kafka) throws InterruptedException {
        requireTransactions(kafka, START_TIMEOUT_MILLIS);
    }

    /** As {@link #requireTransactions(KafkaAccess)}, with a limit of the wait for an answer. */
    public static void requireTransactions(KafkaAccess kafka, int timeoutMillis) throws InterruptedException {
        try (Admin admin = kafka.admin(timeoutMillis)) {
            transactionProblem(admin.describeFeatures().featureMetadata().get()).ifPresent(problem -> {
                throw new ConfigurationException(problem);
            });
        } catch (ExecutionException e) {
            throw unreachable(kafka, e);
        } catch (KafkaException e) {
            throw unreachable(kafka, e); // such as a name that does not resolve
        }
    }

    private static IllegalStateException unreachable(KafkaAccess kafka, Exception failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return new IllegalStateException(
                "Kafka at " + kafka.bootstrapServers() + " does not answer (" + cause.getMessage()
                        + "); check kafka.bootstrap.servers and the settings beside it",
                cause);
    }

    static Optional<String> transactionProblem(FeatureMetadata features) {
        Map<String, FinalizedVersionRange> finalized = features.finalizedFeatures();
        FinalizedVersionRange version = finalized.get(TRANSACTIONS);
        int present = version == null ? 0 : version.maxVersionLevel();
        return present >= REQUIRED
                ? Optional.empty()
                : Optional.of("Kafka: the cluster has " + TRANSACTIONS + " " + present
                        + ", exactly-once processing needs "
                        + REQUIRED + "; raise it with 'kafka-features.sh upgrade --feature " + TRANSACTIONS + "="
                        + REQUIRED + "'");
    }
}
