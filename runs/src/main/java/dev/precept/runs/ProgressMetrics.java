package dev.precept.runs;

import dev.precept.kafka.KafkaAccess;
import dev.precept.records.Budget;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes progress, spend and budget of a run as meters; reads their topics every two seconds. */
public final class ProgressMetrics {
    private static final Logger log = LoggerFactory.getLogger(ProgressMetrics.class);
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(2);

    private final MeterRegistry meters;
    private final ProgressReader reader;
    private final RunControl control;
    private final MultiGauge slots;
    private final MultiGauge spend;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("progress-metrics").factory());
    private volatile double budget = Double.NaN;
    private volatile double complete;
    private volatile double promptsRead;
    private volatile double repairs;
    private volatile double acceptedRepairs;

    private ProgressMetrics(KafkaAccess kafka, String runId, MeterRegistry meters) {
        this.meters = meters;
        reader = new ProgressReader(kafka, runId);
        control = new RunControl(kafka, runId);
        slots = MultiGauge.builder("precept.slots")
                .description("slots of the run by state, outcome and reason; the sum is all slots")
                .register(meters);
        spend = MultiGauge.builder("precept.spend.usd")
                .description("US dollars spent on the run, by role")
                .register(meters);
        Gauge.builder("precept.budget.usd", () -> budget)
                .description("budget of the run in US dollars; NaN without a limit")
                .register(meters);
        Gauge.builder("precept.run.complete", () -> complete)
                .description("1 once every source is read and every slot is terminal")
                .register(meters);
        Gauge.builder("precept.prompts.read", () -> promptsRead)
                .description("prompts read by the topology")
                .register(meters);
        Gauge.builder("precept.repairs", () -> repairs)
                .description("attempts of the run that were requested as repairs of others")
                .register(meters);
        Gauge.builder("precept.repairs.accepted", () -> acceptedRepairs)
                .description("samples of the run that repairs have given")
                .register(meters);
    }

    /** Polls at once, then at a fixed delay until the registry is closed. */
    public static void start(KafkaAccess kafka, String runId, MeterRegistry meters) {
        ProgressMetrics progress = new ProgressMetrics(kafka, runId, meters);
        Future<?> _ = progress.clock.scheduleWithFixedDelay(
                progress::update, 0, POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void update() {
        if (meters.isClosed()) {
            clock.shutdown();
            reader.close();
            control.close();
            return;
        }
        try {
            RunProgress runProgress = reader.read();
            List<MultiGauge.Row<?>> rows = new ArrayList<>();
            rows.add(row("", "accepted", "", runProgress.accepted()));
            runProgress.rejectedByReason().forEach((reason, n) -> rows.add(row("", "rejected", reason, n)));
            runProgress.invalidByReason().forEach((cause, n) -> rows.add(row("", "invalid", cause, n)));
            runProgress.inFlightByState().forEach((state, n) -> rows.add(row(state, "", "", n)));
            slots.register(rows, true);
            List<MultiGauge.Row<?>> spent = new ArrayList<>();
            for (Map.Entry<String, Double> role : runProgress.usdByRole().entrySet()) {
                spent.add(MultiGauge.Row.of(Tags.of("role", role.getKey()), role.getValue()));
            }
            spend.register(spent, true);
            Budget limit = control.settings().budget();
            budget = limit == null || limit.getUsd() == null ? Double.NaN : limit.getUsd();
            complete = runProgress.complete() ? 1 : 0;
            promptsRead = runProgress.promptsRead();
            repairs = runProgress.repairs();
            acceptedRepairs = runProgress.acceptedRepairs();
        } catch (RuntimeException e) { // an exception would end the schedule
            log.atWarn().setCause(e).log("cannot read run progress; the metrics keep their last values");
        }
    }

    /** An open slot has a state, a terminal one an outcome. Prometheus treats an empty label as absent. */
    private static MultiGauge.Row<?> row(String state, String outcome, String reason, long count) {
        return MultiGauge.Row.of(Tags.of("state", state, "outcome", outcome, "reason", reason), count);
    }
}
