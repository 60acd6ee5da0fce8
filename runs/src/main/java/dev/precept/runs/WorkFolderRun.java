package dev.precept.runs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.config.ConfigurationException;
import dev.precept.config.Recipe;
import dev.precept.kafka.EmbeddedBroker;
import dev.precept.kafka.KafkaAccess;
import dev.precept.runtime.RunFile;
import dev.precept.runtime.ShellWord;
import dev.precept.runtime.WorkFolder;
import dev.precept.schemas.Namespace;
import dev.precept.schemas.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * The run of a work folder. Its Kafka is the user's own broker, the embedded broker of the running process, or, if no
 * process is running, an embedded broker that is started for the command.
 */
public final class WorkFolderRun implements RunConnection {
    private static final Pattern LOG = Pattern.compile("precept-\\d{8}-\\d{6}\\.log");

    private static final String BROKER = "kafka";
    private static final String ENDED_BEFORE = "ended before its first call";

    private final WorkFolder folder;
    private final RunFile run;

    private WorkFolderRun(WorkFolder folder, RunFile run) {
        this.folder = folder;
        this.run = run;
    }

    /** @throws ConfigurationException if the folder holds no run */
    public static WorkFolderRun open(Path work) {
        WorkFolder folder = new WorkFolder(work);
        if (!Files.isDirectory(folder.root())) {
            throw new ConfigurationException("--work " + folder.root() + ": no such folder");
        }
        RunFile run = RunFile.read(folder)
                .orElseThrow(() -> new ConfigurationException(
                        "--work " + folder.root() + ": holds no run; start one with 'precept run'"));
        return new WorkFolderRun(folder, run);
    }

    public WorkFolder folder() {
        return folder;
    }

    /** The effective recipe of the run. */
    public Recipe recipe() {
        return run.effectiveRecipe();
    }

    @Override
    public String runId() {
        return run.runId();
    }

    @Override
    public String where() {
        return "--work " + folder.root() + ": run " + run.runId();
    }

    @Override
    public String options() {
        return "--work " + ShellWord.of(folder.root().toString());
    }

    @Override
    public String restart() {
        return "'precept run " + options() + "' with its recipe resumes it";
    }

    @Override
    public RunStatus.Places places() {
        return new RunStatus.Places(
                run.effectiveRecipe()
                        .section("")
                        .text("dataset", "dataset of the run")
                        .orElse(null),
                folder.root().toString(),
                newestLog().map(Path::toString).orElse(null),
                run.identity().get("generator.model"),
                run.identity().get("judge.model"));
    }

    /** Names of logs sort by time. A command that was refused leaves an empty one. */
    private Optional<Path> newestLog() {
        try (Stream<Path> files = Files.list(folder.root())) {
            List<Path> logs = files.filter(
                            file -> LOG.matcher(file.getFileName().toString()).matches())
                    .sorted(Comparator.comparing(Path::toString).reversed())
                    .toList();
            return logs.stream()
                    .filter(log -> log.toFile().length() > 0)
                    .findFirst()
                    .or(() -> logs.stream().findFirst());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + folder.root(), e);
        }
    }

    /** When the work folder got the run. */
    Instant created() {
        return RunFile.created(folder);
    }

    /** What the run does while there is no Kafka to ask; empty where there is one. */
    Optional<RunActivity> beforeItsKafka() {
        if (usesOwnKafka()) {
            return Optional.empty();
        }
        if (folder.isInUse()) {
            return RunFile.readBrokerAddress(folder).isPresent()
                    ? Optional.empty()
                    : Optional.of(new RunActivity(
                            RunActivity.State.OPEN,
                            RunActivity.Activity.RUNNING,
                            "it is starting: it waits for its models and its broker"));
        }
        return hasTopics()
                ? Optional.empty()
                : Optional.of(new RunActivity(
                        RunActivity.State.OPEN, RunActivity.Activity.STOPPED, "it " + ENDED_BEFORE + "; " + restart()));
    }

    private boolean usesOwnKafka() {
        return kafkaSettings().containsKey("bootstrap.servers");
    }

    private Map<String, String> kafkaSettings() {
        return run.effectiveRecipe().section("").mapping("kafka", "client settings that pass through");
    }

    private boolean hasTopics() {
        return EmbeddedBroker.hasTopic(folder.resolve(BROKER), new Namespace(run.topicPrefix()).name(Topics.RUNS));
    }

    int partitions() {
        return run.partitions();
    }

    @Override
    public Optional<JsonNode> finalProgress() {
        return folder.read(FinalProgressFile.NAME).map(text -> FinalProgressFile.read(folder));
    }

    @Override
    public boolean isStopped() {
        return !folder.isInUse();
    }

    /** Retries once if the broker goes away: the process that embeds it may end during the action. */
    @Override
    public <T> T withKafka(KafkaAction<T> kafkaAction) throws InterruptedException {
        try {
            return attempt(kafkaAction);
        } catch (TimeoutException gone) {
            return attempt(kafkaAction);
        }
    }

    private <T> T attempt(KafkaAction<T> kafkaAction) throws InterruptedException {
        Map<String, String> kafka = kafkaSettings();
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
        if (!hasTopics()) {
            throw new ConfigurationException(where() + " " + ENDED_BEFORE + "; " + restart());
        }
        try (WorkFolder.Lock _ = folder.lock();
                EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve(BROKER), 0)) {
            return kafkaAction.apply(access(broker.address(), kafka));
        }
    }

    private KafkaAccess access(String address, Map<String, String> settings) {
        return run.access(folder, address, RunConnection.withTimeouts(settings));
    }
}
