package dev.precept.runs;

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

/** What holds for a run now: whether it is paused or cancelled, and its budget. All of its workers read it. Not thread-safe. */
public final class RunControl implements AutoCloseable {
    private final KafkaAccess kafka;
    private final String runId;
    private final CompactedTopic<Run> runs;

    public RunControl(KafkaAccess kafka, String runId) {
        this.kafka = kafka;
        this.runId = runId;
        this.runs = new CompactedTopic<>(kafka, Topics.RUNS);
    }

    /** What holds at a moment. */
    public record ControlSettings(
            boolean paused, boolean cancelled, @Nullable Budget budget) {}

    public ControlSettings settings() {
        return latest().map(run -> new ControlSettings(run.getPaused(), run.getCancelled(), run.getBudget()))
                .orElse(new ControlSettings(false, false, null));
    }

    /** Empty before the run has begun. */
    private Optional<Run> latest() {
        return Optional.ofNullable(runs.readToEnd().get(runId));
    }

    /** What the run was begun with, as canonical JSON; empty before it has begun. */
    public Optional<String> identity() {
        return latest().map(Run::getIdentity);
    }

    /** Says what was asked for where nobody has said it yet, and what may be spent from now on. */
    public void register(String identity, int sources, @Nullable Budget budget) throws InterruptedException {
        Optional<Run> known = latest();
        if (known.isEmpty()) {
            publish(new Run(runId, identity, sources, Instant.now(), false, false, budget));
        } else if (!Objects.equals(known.get().getBudget(), budget)) {
            publish(Run.newBuilder(known.get()).setBudget(budget).build());
        }
    }

    /** Changes what holds; false if the run has not begun. */
    boolean update(UnaryOperator<Run> change) throws InterruptedException {
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
            throw new IllegalStateException("cannot say what holds for run " + runId, e.getCause());
        }
    }

    @Override
    public void close() {
        runs.close();
    }
}
