package dev.precept.cli.run;

import dev.precept.config.ConfigurationException;
import dev.precept.kafka.ClusterFeatures;
import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.EmbeddedBroker;
import dev.precept.kafka.KafkaAccess;
import dev.precept.runtime.RunFile;
import java.util.Map;
import java.util.Optional;

/** The broker of a run: the user's own, or an embedded one with its log in the work folder, which close() stops. */
public final class RunBroker implements AutoCloseable {
    private static final short EMBEDDED_REPLICATION = 1;

    private final Optional<EmbeddedBroker> embedded;
    private final KafkaAccess access;
    private final short replication;

    private RunBroker(Optional<EmbeddedBroker> embedded, KafkaAccess access, short replication) {
        this.embedded = embedded;
        this.access = access;
        this.replication = embedded.isPresent() ? EMBEDDED_REPLICATION : replication;
    }

    /** Starts the embedded broker if the recipe names no broker, and writes the address to the work folder. */
    public static RunBroker open(RunPlan plan) {
        Map<String, String> settings = plan.recipe().deploymentSettings().kafka();
        Optional<String> configured = Optional.ofNullable(settings.get("bootstrap.servers"));
        Optional<EmbeddedBroker> embedded = configured.isPresent()
                ? Optional.empty()
                : Optional.of(EmbeddedBroker.start(
                        plan.work().resolve("kafka"), plan.recipe().port()));
        String address = configured.orElseGet(() -> embedded.orElseThrow().address());
        KafkaAccess access = plan.run()
                .access(plan.work(), address, settings)
                .withTaskPartitions(plan.recipe().deploymentSettings().taskPartitions())
                .withShards(plan.recipe().deploymentSettings().shards());
        RunFile.writeBrokerAddress(
                plan.work(), address); // written last: readers of the address need the schema ids too
        return new RunBroker(
                embedded, access, plan.recipe().deploymentSettings().replication());
    }

    public KafkaAccess access() {
        return access;
    }

    /** Replication factor of new topics. */
    public short replication() {
        return replication;
    }

    /**
     * Creates missing topics of the dataset; returns all topic ids by name.
     *
     * @throws ConfigurationException if the cluster cannot run the topology
     */
    public Map<String, String> ensureTopics() throws InterruptedException {
        ClusterFeatures.requireTransactions(access);
        return DatasetTopics.ensure(access, replication());
    }

    @Override
    public void close() {
        embedded.ifPresent(EmbeddedBroker::close);
    }
}
