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
 * The topics of a run, for a command beside it: on the user's own broker, on that of the live process, or, where nothing
 * lives, on one that is started for the moment.
 */
public final class RunConnection {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final WorkFolder folder;
    private final RunFile run;

    private RunConnection(WorkFolder folder, RunFile run) {
        this.folder = folder;
        this.run = run;
    }

    /** What is done with the topics. */
    @FunctionalInterface
    public interface KafkaAction<T> {
        T apply(KafkaAccess kafka) throws InterruptedException;
    }

    /** @throws ConfigurationException if no run was begun there */
    public static RunConnection open(Path work) {
        WorkFolder folder = new WorkFolder(work);
        if (!Files.isDirectory(folder.root())) {
            throw new ConfigurationException("--work " + folder.root() + ": there is no such folder");
        }
        RunFile run = RunFile.read(folder)
                .orElseThrow(() -> new ConfigurationException(
                        "--work " + folder.root() + ": no run was begun here; begin one with 'precept run'"));
        return new RunConnection(folder, run);
    }

    public WorkFolder folder() {
        return folder;
    }

    public RunFile run() {
        return run;
    }

    /** The live process may end in the middle of it; then it is begun once more, where it is now to be had. */
    public <T> T withKafka(KafkaAction<T> kafkaAction) throws InterruptedException {
        try {
            return once(kafkaAction);
        } catch (TimeoutException gone) {
            return once(kafkaAction);
        }
    }

    private <T> T once(KafkaAction<T> kafkaAction) throws InterruptedException {
        Map<String, String> kafka =
                run.effectiveRecipe().section("").mapping("kafka", "client settings that pass through");
        String own = kafka.get("bootstrap.servers");
        if (own != null) {
            return kafkaAction.apply(access(own, kafka));
        }
        if (folder.isInUse()) {
            String live = RunFile.readBrokerAddress(folder)
                    .orElseThrow(() -> new ConfigurationException(
                            "--work " + folder.root() + ": the run is only starting; ask again in a moment"));
            return kafkaAction.apply(access(live, kafka));
        }
        try (WorkFolder.Lock _ = folder.lock();
                EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0)) {
            return kafkaAction.apply(access(broker.address(), kafka));
        }
    }

    private KafkaAccess access(String address, Map<String, String> settings) {
        Map<String, String> impatient = new HashMap<>(settings);
        impatient.putIfAbsent("default.api.timeout.ms", String.valueOf(PATIENCE.toMillis()));
        impatient.putIfAbsent("request.timeout.ms", String.valueOf(PATIENCE.toMillis()));
        return run.access(folder, address, impatient);
    }
}
