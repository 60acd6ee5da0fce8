package dev.precept.runs;

import dev.precept.config.ConfigurationException;
import dev.precept.kafka.CompactedTopic;
import dev.precept.kafka.KafkaAccess;
import dev.precept.records.Budget;
import dev.precept.records.Run;
import dev.precept.schemas.Topics;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Reads and writes the control record of a run: whether it is paused or cancelled, and its budget. Not thread-safe. */
public final class RunControl implements AutoCloseable {
    private final KafkaAccess kafka;
    private final String runId;
    private final CompactedTopic<Run> runs;

    public RunControl(KafkaAccess kafka, String runId) {
        this.kafka = kafka;
        this.runId = runId;
        this.runs = new CompactedTopic<>(kafka, Topics.RUNS);
    }

    /** The settings of the newest control record. */
    public record ControlSettings(
            boolean paused, boolean cancelled, @Nullable Budget budget) {}

    public ControlSettings settings() {
        return latest().map(run -> new ControlSettings(run.getPaused(), run.getCancelled(), run.getBudget()))
                .orElse(new ControlSettings(false, false, null));
    }

    /** Empty until the run is registered. */
    private Optional<Run> latest() {
        return Optional.ofNullable(runs.readToEnd().get(runId));
    }

    /** The identity the run was started with, as canonical JSON; empty until the run is registered. */
    public Optional<String> identity() {
        return latest().map(Run::getIdentity);
    }

    /** When the run was registered first; empty until then. */
    Optional<Instant> started() {
        return latest().map(Run::getOpenedAt);
    }

    /**
     * Registers the run if it is new; otherwise updates its budget.
     *
     * @throws ConfigurationException if the run is new and another one is open
     */
    public void register(String identity, int sources, @Nullable Budget budget) throws InterruptedException {
        Optional<Run> known = latest();
        if (known.isEmpty()) {
            requireNoOtherOpenRun();
            publish(new Run(runId, identity, sources, Instant.now(), false, false, budget));
        } else if (!Objects.equals(known.get().getBudget(), budget)) {
            publish(Run.newBuilder(known.get()).setBudget(budget).build());
        }
    }

    /** @throws ConfigurationException if another run of the dataset is open and not cancelled */
    public void requireNoOtherOpenRun() {
        OpenRuns.requireNoOther(kafka, runId, runs.readToEnd());
    }

    /**
     * Applies a change to a run, whether a process is running it or not. It holds until the next change.
     *
     * @throws ConfigurationException if the run is complete or not registered yet
     */
    public static void apply(RunConnection connection, UnaryOperator<Run> change) throws InterruptedException {
        if (connection.finalProgress().isPresent()) {
            throw new ConfigurationException(connection.where() + " is complete");
        }
        boolean registered = connection.withKafka(kafka -> {
            try (RunControl control = new RunControl(kafka, connection.runId())) {
                return control.update(change);
            }
        });
        if (!registered) {
            throw new ConfigurationException(connection.where() + " is starting; retry in a moment");
        }
    }

    /** Returns false if the run is not registered. */
    private boolean update(UnaryOperator<Run> change) throws InterruptedException {
        Optional<Run> known = latest();
        if (known.isPresent()) {
            publish(change.apply(Run.newBuilder(known.get()).build()));
        }
        return known.isPresent();
    }

    private void publish(Run run) throws InterruptedException {
        try (Producer<String, SpecificRecord> producer = kafka.producer("control")) {
            producer.send(new ProducerRecord<>(kafka.namespace().name(Topics.RUNS), runId, run))
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot write the control record of run " + runId, e.getCause());
        }
    }

    @Override
    public void close() {
        runs.close();
    }
}
