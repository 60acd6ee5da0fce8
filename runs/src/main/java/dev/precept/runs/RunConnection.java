package dev.precept.runs;

import dev.precept.config.ConfigurationException;
import dev.precept.kafka.EmbeddedBroker;
import dev.precept.kafka.KafkaAccess;
import dev.precept.runtime.RunFile;
import dev.precept.runtime.WorkFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Connects a command to the Kafka of a run: the user's own broker, the embedded broker of the running process, or, if no
 * process is running, an embedded broker that is started for the command.
 */
public final class RunConnection {
    private static final Duration API_TIMEOUT = Duration.ofSeconds(10);

    private final WorkFolder folder;
    private final RunFile run;

    private RunConnection(WorkFolder folder, RunFile run) {
        this.folder = folder;
        this.run = run;
    }

    /** Runs against the run's Kafka. */
    @FunctionalInterface
    public interface KafkaAction<T> {
        T apply(KafkaAccess kafka) throws InterruptedException;
    }

    /** @throws ConfigurationException if the folder holds no run */
    public static RunConnection open(Path work) {
        WorkFolder folder = new WorkFolder(work);
        if (!Files.isDirectory(folder.root())) {
            throw new ConfigurationException("--work " + folder.root() + ": no such folder");
        }
        RunFile run = RunFile.read(folder)
                .orElseThrow(() -> new ConfigurationException(
                        "--work " + folder.root() + ": holds no run; start one with 'precept run'"));
        return new RunConnection(folder, run);
    }

    public WorkFolder folder() {
        return folder;
    }

    public RunFile run() {
        return run;
    }

    /** Retries once if the broker goes away: the process that embeds it may end during the action. */
    public <T> T withKafka(KafkaAction<T> kafkaAction) throws InterruptedException {
        try {
            return attempt(kafkaAction);
        } catch (TimeoutException gone) {
            return attempt(kafkaAction);
        }
    }

    private <T> T attempt(KafkaAction<T> kafkaAction) throws InterruptedException {
        Map<String, String> kafka =
                run.effectiveRecipe().section("").mapping("kafka", "client settings that pass through");
        String configured = kafka.get("bootstrap.servers");
        if (configured != null) {
            return kafkaAction.apply(access(configured, kafka));
        }
        if (folder.isInUse()) {
            String address = RunFile.readBrokerAddress(folder)
                    .orElseThrow(() -> new ConfigurationException(
                            "--work " + folder.root() + ": the run is starting; retry in a moment"));
            return kafkaAction.apply(access(address, kafka));
        }
        try (WorkFolder.Lock _ = folder.lock();
                EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0)) {
            return kafkaAction.apply(access(broker.address(), kafka));
        }
    }

    private KafkaAccess access(String address, Map<String, String> settings) {
        Map<String, String> shorter = new HashMap<>(settings);
        shorter.putIfAbsent("default.api.timeout.ms", String.valueOf(API_TIMEOUT.toMillis()));
        shorter.putIfAbsent("request.timeout.ms", String.valueOf(API_TIMEOUT.toMillis()));
        return run.access(folder, address, shorter);
    }
}
