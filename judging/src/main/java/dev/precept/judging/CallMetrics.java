package dev.precept.judging;

import dev.precept.model.ModelCallException;
import dev.precept.model.Reply;
import dev.precept.model.TokenUsage;
import dev.precept.model.resilience.EndpointPool;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.net.URI;
import java.time.Duration;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a role's calls look like from outside: how many, how long, how full. Calls and tokens have the names and the bounds
 * of OpenTelemetry's semantic conventions for generative AI, with which any dashboard can read them. Thread-safe.
 */
public final class CallMetrics implements EndpointPool.CallListener {
    /** 10 ms, and twice as much from one to the next; the conventions end at 82 s, a call may take longer. */
    private static final Duration[] TIMES = IntStream.rangeClosed(0, 15)
            .mapToObj(doublings -> Duration.ofMillis(10L << doublings))
            .toArray(Duration[]::new);
    /** 1, and four times as much from one to the next. */
    private static final double[] TOKENS = DoubleStream.iterate(1, tokens -> tokens <= 1 << 26, tokens -> tokens * 4)
            .toArray();

    private final MeterRegistry meters;
    private final String role;
    private final Counter deadLetters;

    public CallMetrics(MeterRegistry meters, String role) {
        this.meters = meters;
        this.role = role;
        this.deadLetters = Counter.builder("precept.dead.letters")
                .description("records that nobody could read")
                .tag("step", role)
                .register(meters);
    }

    @Override
    public void onCallEnded(EndpointPool.EndedCall call) {
        if (call.failure() instanceof ModelCallException.NotPermitted) {
            return; // nobody was called
        }
        Timer.builder("precept.endpoint.queue")
                .description("from asking for a place at an endpoint to getting it")
                .tags("role", role, "endpoint", call.endpoint())
                .serviceLevelObjectives(TIMES)
                .register(meters)
                .record(call.queueTime());
        Tags what = Tags.of("role", role, "gen_ai_operation_name", "chat", "gen_ai_request_model", call.model())
                .and(address(call.endpoint()));
        Timer.builder("gen_ai.client.operation.duration")
                .description("from the request to the end of the answer")
                .tags(what.and("error_type", errorType(call.reply(), call.failure())))
                .serviceLevelObjectives(TIMES)
                .register(meters)
                .record(call.callTime());
        TokenUsage usage = call.reply() == null ? TokenUsage.NONE : call.reply().usage();
        tokens(what.and("gen_ai_token_type", "input"), usage.prompt());
        tokens(what.and("gen_ai_token_type", "output"), usage.completion());
    }

    /** Where the server did not count there is nothing to record. */
    private void tokens(Tags what, long count) {
        if (count > 0) {
            DistributionSummary.builder("gen_ai.client.token.usage")
                    .description("tokens of a call, as the server counted")
                    .tags(what)
                    .serviceLevelObjectives(TOKENS)
                    .register(meters)
                    .record((double) count);
        }
    }

    /** The conventions split an address; the path that an endpoint has as well tells no two servers apart. */
    private static Tags address(String endpoint) {
        URI uri = URI.create(endpoint);
        int standard = "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
        return Tags.of(
                "server_address",
                String.valueOf(uri.getHost()),
                "server_port",
                String.valueOf(uri.getPort() < 0 ? standard : uri.getPort()));
    }

    /** Empty for a call that was answered, which Prometheus reads as no such label. */
    private static String errorType(@Nullable Reply reply, @Nullable ModelCallException failure) {
        if (failure != null) {
            return CallOutcome.label(failure);
        }
        return switch (reply) {
            case null -> "dropped";
            case Reply.Answered _ -> "";
            case Reply.Malformed _, Reply.RequestRefused _, Reply.ContextTooLong _ -> CallOutcome.label(reply);
        };
    }

    /** One task more that came to an outcome, with those for which nobody had to be called. */
    void countOutcome(String outcome) {
        meters.counter("precept.calls", "role", role, "outcome", outcome).increment();
    }

    public void countDeadLetter() {
        deadLetters.increment();
    }

    /** Shows how full the endpoints of a pool are. */
    void registerGauges(EndpointPool pool) {
        Gauge.builder("precept.endpoint.waiting", pool, EndpointPool::waiting)
                .description("calls that wait for a place at any endpoint")
                .tags("role", role)
                .register(meters);
        for (EndpointPool.EndpointStatus place : pool.endpointStatuses()) {
            gauge("in.flight", "calls an endpoint works on", pool, place, EndpointPool.EndpointStatus::inFlight);
            gauge("limit", "calls an endpoint is trusted with", pool, place, EndpointPool.EndpointStatus::limit);
            gauge("breaker.open", "1 while it is left alone after failures", pool, place, now -> now.up() ? 0 : 1);
        }
    }

    private void gauge(
            String name,
            String meaning,
            EndpointPool pool,
            EndpointPool.EndpointStatus place,
            ToDoubleFunction<EndpointPool.EndpointStatus> what) {
        Gauge.builder(
                        "precept.endpoint." + name,
                        pool,
                        p -> p.endpointStatuses().stream()
                                .filter(now -> now.endpoint().equals(place.endpoint()))
                                .mapToDouble(what)
                                .sum())
                .description(meaning)
                .tags("role", role, "endpoint", place.endpoint())
                .register(meters);
    }
}
