package dev.precept.cli.run;

import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.EmbeddedBroker;
import dev.precept.kafka.KafkaAccess;
import dev.precept.runtime.RunFile;
import java.util.Map;
import java.util.Optional;

/** The broker of a run: the user's own, or one that is embedded, whose log is in the work folder and which ends with this. */
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

    /** Starts it where it is embedded, and notes where it listens. */
    public static RunBroker open(RunPlan plan) {
        Map<String, String> settings = plan.recipe().deploymentSettings().kafka();
        Optional<String> own = Optional.ofNullable(settings.get("bootstrap.servers"));
        Optional<EmbeddedBroker> embedded = own.isPresent()
                ? Optional.empty()
                : Optional.of(EmbeddedBroker.start(
                        plan.work().resolve("kafka"), plan.recipe().port()));
        String address = own.orElseGet(() -> embedded.orElseThrow().address());
        KafkaAccess access = plan.run().access(plan.work(), address, settings);
        RunFile.writeBrokerAddress(plan.work(), address); // whoever reads it finds the ids of the schemas as well
        return new RunBroker(
                embedded, access, plan.recipe().deploymentSettings().replication());
    }

    public KafkaAccess access() {
        return access;
    }

    /** How often what is made there is kept. */
    public short replication() {
        return replication;
    }

    /** The ids of the dataset's topics by name; what is not there is made. */
    public Map<String, String> ensureTopics() throws InterruptedException {
        return DatasetTopics.ensure(access, replication());
    }

    @Override
    public void close() {
        embedded.ifPresent(EmbeddedBroker::close);
    }
}
