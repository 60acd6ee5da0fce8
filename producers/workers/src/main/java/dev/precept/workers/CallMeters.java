package dev.precept.workers;

import dev.precept.model.pressure.EndpointPool;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/** What a role's calls look like from outside: how many, how long, how full. Thread-safe. */
final class CallMeters implements EndpointPool.Watcher {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(100),
        Duration.ofMillis(300),
        Duration.ofSeconds(1),
        Duration.ofSeconds(3),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(100),
        Duration.ofSeconds(300)
    };

    private final MeterRegistry meters;
    private final String role;

    CallMeters(MeterRegistry meters, String role) {
        this.meters = meters;
        this.role = role;
    }

    @Override
    public void called(String endpoint, Duration queued, Duration inCall) {
        timer("precept.call.queue", "from asking for a place at an endpoint to getting it", endpoint)
                .record(queued);
        timer("precept.call", "from the request to the end of the answer", endpoint)
                .record(inCall);
    }

    private Timer timer(String name, String meaning, String endpoint) {
        return Timer.builder(name)
                .description(meaning)
                .tags("role", role, "endpoint", endpoint)
                .serviceLevelObjectives(BUCKETS)
                .register(meters);
    }

    /** One call more of an outcome. */
    void count(String outcome) {
        meters.counter("precept.calls", "role", role, "outcome", outcome).increment();
    }

    void spent(long promptTokens, long completionTokens, double usd) {
        meters.counter("precept.tokens", "role", role, "kind", "prompt").increment((double) promptTokens);
        meters.counter("precept.tokens", "role", role, "kind", "completion").increment((double) completionTokens);
        meters.counter("precept.spend.usd", "role", role).increment(usd);
    }

    /** Shows how full the endpoints of a pool are. */
    void watch(EndpointPool pool) {
        Gauge.builder("precept.calls.waiting", pool, EndpointPool::waiting)
                .description("calls that wait for a place at an endpoint")
                .tags("role", role)
                .register(meters);
        for (EndpointPool.Pressure place : pool.pressure()) {
            gauge(
                    "precept.calls.in.flight",
                    "calls an endpoint works on",
                    pool,
                    place,
                    EndpointPool.Pressure::inFlight);
            gauge(
                    "precept.calls.limit",
                    "calls an endpoint is trusted with",
                    pool,
                    place,
                    EndpointPool.Pressure::limit);
            gauge("precept.endpoint.up", "1 unless it is left alone after failures", pool, place, p -> p.up() ? 1 : 0);
        }
    }

    private void gauge(
            String name,
            String meaning,
            EndpointPool pool,
            EndpointPool.Pressure place,
            ToDoubleFunction<EndpointPool.Pressure> what) {
        Gauge.builder(
                        name,
                        pool,
                        p -> p.pressure().stream()
                                .filter(now -> now.endpoint().equals(place.endpoint()))
                                .mapToDouble(what)
                                .sum())
                .description(meaning)
                .tags(Tags.of("role", role, "endpoint", place.endpoint()))
                .register(meters);
    }
}
