package dev.precept.runs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.kafka.KafkaAccess;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Reads the status of a run from its Kafka, as often as it is asked. Not thread-safe. */
final class KafkaRunStatus implements AutoCloseable {
    private final RunConnection run;
    private final Optional<Instant> created;
    private final ProgressReader reader;
    private final RunControl control;

    /** @param created when the run was created, if that is known without its Kafka */
    KafkaRunStatus(KafkaAccess kafka, RunConnection run, Optional<Instant> created) {
        this.run = run;
        this.created = created;
        this.reader = new ProgressReader(kafka, run.runId());
        try {
            this.control = new RunControl(kafka, run.runId());
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    /** What the control record of a run says. */
    private record Control(RunControl.ControlSettings settings, Optional<Instant> started, Optional<String> identity) {}

    /** @param stopped whether it is known that no process is running the run */
    RunStatus read(boolean stopped) throws InterruptedException {
        RunProgress progress;
        Control known;
        // Beside the progress: on a running run the two are most of what this takes. Its end is waited for in any case.
        try (ExecutorService beside = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Control> reading = beside.submit(this::control);
            progress = reader.read();
            known = result(reading);
        }
        Instant now = Instant.now();
        Optional<Instant> started = known.started().or(() -> created);
        RunActivity activity = RunActivity.of(progress, known.settings(), stopped, run.options(), run.restart());
        RunStatus status = RunStatus.of(
                progress.toJson(),
                activity,
                run.places().withModelsOf(known.identity()),
                started,
                activity.activity() == RunActivity.Activity.RUNNING
                        ? started.map(from -> reader.slotsPerMinute(from, now))
                        : Optional.empty(),
                now);
        ObjectNode json = status.toJson();
        json.put("paused", known.settings().paused());
        json.put("cancelled", known.settings().cancelled());
        return status;
    }

    private Control control() {
        return new Control(control.settings(), control.started(), control.identity());
    }

    /** Throws what the work threw. */
    private static <T> T result(Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("cannot read the control record", e.getCause());
        }
    }

    @Override
    public void close() {
        try {
            control.close();
        } finally {
            reader.close();
        }
    }
}
