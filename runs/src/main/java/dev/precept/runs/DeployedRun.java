package dev.precept.runs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.config.ConfigurationException;
import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.DatasetTopics;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.Run;
import dev.precept.schemas.Topics;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** A run whose roles are processes of their own. Needs its Kafka and its name, no folder and no dataset. */
public final class DeployedRun implements RunConnection {
    private final KafkaAccess kafka;
    private final String runId;

    private DeployedRun(KafkaAccess kafka, String runId) {
        this.kafka = kafka;
        this.runId = runId;
    }

    /**
     * Finds a run that is registered in Kafka.
     *
     * @param name of the run; if empty, the only open run is taken
     * @throws ConfigurationException if there are no such topics, no such run, or, without a name, not exactly one open run
     */
    public static DeployedRun find(KafkaAccess kafka, Optional<String> name) throws InterruptedException {
        requireTopics(kafka);
        Set<String> registered;
        try (CompactedTopic<Run> runs = new CompactedTopic<>(kafka, Topics.RUNS)) {
            registered = new TreeSet<>(runs.readToEnd().keySet());
        }
        if (name.isPresent()) {
            if (!registered.contains(name.get())) {
                throw new ConfigurationException("run " + name.get() + ": is not registered in " + topics(kafka)
                        + ", whose runs are " + list(registered) + "; give one of these as --run NAME, or wait for the"
                        + " prompts role to register it");
            }
            return new DeployedRun(kafka, name.get());
        }
        Set<String> open = OpenRuns.incomplete(kafka, registered);
        if (open.size() != 1) {
            throw new ConfigurationException("--run: missing, and " + topics(kafka) + " has "
                    + (open.isEmpty() ? "no open run" : "several open runs: " + list(open)) + "; give --run NAME"
                    + (open.isEmpty() ? ", one of " + list(registered) : ""));
        }
        return new DeployedRun(kafka, open.iterator().next());
    }

    private static void requireTopics(KafkaAccess kafka) throws InterruptedException {
        try {
            DatasetTopics.fetchIds(kafka, List.of(Topics.RUNS));
        } catch (IllegalStateException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw new ConfigurationException(
                        "topics.prefix: there is no " + topics(kafka) + "; give the prefix and the brokers of the run");
            } else if (e.getCause() instanceof AuthorizationException) {
                throw new ConfigurationException(topics(kafka) + ": not allowed ("
                        + e.getCause().getMessage() + "); give a Kafka user with the grants of precept-admin");
            }
            throw e;
        }
    }

    private static String topics(KafkaAccess kafka) {
        return "topic " + kafka.namespace().name(Topics.RUNS) + " at " + kafka.bootstrapServers();
    }

    private static String list(Set<String> runs) {
        return runs.isEmpty() ? "none" : String.join(", ", runs);
    }

    @Override
    public String runId() {
        return runId;
    }

    @Override
    public String where() {
        return kafka.namespace().prefix() + " at " + kafka.bootstrapServers() + ": run " + runId;
    }

    @Override
    public <T> T withKafka(KafkaAction<T> kafkaAction) throws InterruptedException {
        return kafkaAction.apply(kafka);
    }

    @Override
    public Optional<JsonNode> finalProgress() {
        try (ProgressReader reader = new ProgressReader(kafka, runId)) {
            RunProgress progress = reader.read();
            return progress.complete() ? Optional.of(progress.toJson()) : Optional.empty();
        }
    }

    @Override
    public String options() {
        return "--recipe FILE --run " + runId;
    }

    @Override
    public String restart() {
        return "start its roles with 'precept worker'";
    }

    @Override
    public RunStatus.Places places() {
        return new RunStatus.Places(null, null, null, null, null);
    }

    /** Not known without the grant to read consumer groups, so that the last reports of the roles count. */
    @Override
    public boolean isStopped() {
        return false;
    }
}
