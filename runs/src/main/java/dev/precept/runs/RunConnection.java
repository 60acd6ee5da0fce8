package dev.precept.runs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.kafka.KafkaAccess;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Connects a command to the Kafka of a run. */
public sealed interface RunConnection permits WorkFolderRun, DeployedRun {
    /** Runs against the run's Kafka. */
    @FunctionalInterface
    interface KafkaAction<T> {
        T apply(KafkaAccess kafka) throws InterruptedException;
    }

    String runId();

    /** Names the run, and where it is, for messages. */
    String where();

    /** The options that name the run in the command line of a control command. */
    String options();

    /** How processes of the run are started, for messages. */
    String restart();

    /** Where the parts of the run are, as far as it is known without its Kafka. */
    RunStatus.Places places();

    /** Calls the run's Kafka. */
    <T> T withKafka(KafkaAction<T> kafkaAction) throws InterruptedException;

    /** The progress of the run if it is complete. */
    Optional<JsonNode> finalProgress() throws InterruptedException;

    /** Whether it is known that no process is running the run. */
    boolean isStopped();

    /** Shorter timeouts, since a person waits for the answer. */
    static Map<String, String> withTimeouts(Map<String, String> settings) {
        Map<String, String> shorter = new HashMap<>(settings);
        String millis = String.valueOf(Duration.ofSeconds(10).toMillis());
        shorter.putIfAbsent("default.api.timeout.ms", millis);
        shorter.putIfAbsent("request.timeout.ms", millis);
        return shorter;
    }
}
