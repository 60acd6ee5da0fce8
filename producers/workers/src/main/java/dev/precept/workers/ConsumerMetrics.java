package dev.precept.workers;

import dev.precept.consumer.ConcurrentConsumer;
import dev.precept.consumer.ConsumerStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** The metrics of the task consumer of one role. */
final class ConsumerMetrics {
    private final MeterRegistry meters;
    private final String role;
    private final ConcurrentConsumer<?> consumer;

    private ConsumerMetrics(MeterRegistry meters, String role, ConcurrentConsumer<?> consumer) {
        this.meters = meters;
        this.role = role;
        this.consumer = consumer;
    }

    static void register(MeterRegistry meters, String role, ConcurrentConsumer<?> consumer) {
        ConsumerMetrics metrics = new ConsumerMetrics(meters, role, consumer);
        metrics.gauge("in.flight", "tasks that are being handled", ConsumerStatus::inFlight);
        metrics.gauge("parked", "tasks that wait for their next call", ConsumerStatus::parked);
        metrics.gauge("parked.bytes", "bytes of the tasks that wait for their next call", ConsumerStatus::parkedBytes);
        metrics.gauge("queued", "tasks that are polled and not started", ConsumerStatus::queued);
        metrics.gauge(
                "oldest.seconds",
                "time since the oldest unfinished task was polled",
                now -> now.oldestAge().toMillis() / 1e3);
        metrics.gauge("window", "largest distance of a committed offset to the next offset", ConsumerStatus::window);
        FunctionCounter.builder(
                        "precept.tasks.commit.failures",
                        consumer,
                        now -> now.status().commitFailures())
                .description("offset commits that failed")
                .tag("role", role)
                .register(meters);
    }

    private void gauge(String name, String description, ToDoubleFunction<ConsumerStatus> value) {
        Gauge.builder("precept.tasks." + name, consumer, now -> value.applyAsDouble(now.status()))
                .description(description)
                .tag("role", role)
                .register(meters);
    }
}
