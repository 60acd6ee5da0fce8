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
 * Metrics of a role's model calls: count, duration, tokens and endpoint load. Duration and token metrics have the names
 * and buckets of OpenTelemetry's semantic conventions for generative AI. Thread-safe.
 */
final class CallMetrics implements EndpointPool.CallListener {
    /** 10 ms, doubling. The conventions end at 82 s, but a call may take longer. */
    private static final Duration[] TIMES = IntStream.rangeClosed(0, 15)
            .mapToObj(doublings -> Duration.ofMillis(10L << doublings))
            .toArray(Duration[]::new);
    /** 1, then times four. */
    private static final double[] TOKENS = DoubleStream.iterate(1, tokens -> tokens <= 1 << 26, tokens -> tokens * 4)
            .toArray();

    private final MeterRegistry meters;
    private final String role;
    private final String model;

    /** @param model the name by which it is called */
    CallMetrics(MeterRegistry meters, String role, String model) {
        this.meters = meters;
        this.role = role;
        this.model = model;
    }

    @Override
    public void onCallEnded(EndpointPool.EndedCall call) {
        if (call.failure() instanceof ModelCallException.NotPermitted) {
            return; // no request was sent
        }
        Timer.builder("precept.endpoint.queue")
                .description("wait for a permit of an endpoint")
                .tags("role", role, "endpoint", call.endpoint())
                .serviceLevelObjectives(TIMES)
                .register(meters)
                .record(call.queueTime());
        Tags tags = Tags.of("role", role, "gen_ai_operation_name", "chat", "gen_ai_request_model", call.model())
                .and(address(call.endpoint()));
        Timer.builder("gen_ai.client.operation.duration")
                .description("duration of a model call, from the request to the end of the response")
                .tags(tags.and("error_type", errorType(call.reply(), call.failure())))
                .serviceLevelObjectives(TIMES)
                .register(meters)
                .record(call.callTime());
        TokenUsage usage = call.reply() == null ? TokenUsage.NONE : call.reply().usage();
        tokens(tags.and("gen_ai_token_type", "input"), usage.prompt());
        tokens(tags.and("gen_ai_token_type", "output"), usage.completion());
    }

    /** A count of zero means that the server reported none. */
    private void tokens(Tags tags, long count) {
        if (count > 0) {
            DistributionSummary.builder("gen_ai.client.token.usage")
                    .description("tokens of a model call, as reported by the server")
                    .tags(tags)
                    .serviceLevelObjectives(TOKENS)
                    .register(meters)
                    .record((double) count);
        }
    }

    /** Host and port as separate tags, as in the conventions; the path of an endpoint is left out. */
    private static Tags address(String endpoint) {
        URI uri = URI.create(endpoint);
        int standard = "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
        return Tags.of(
                "server_address",
                String.valueOf(uri.getHost()),
                "server_port",
                String.valueOf(uri.getPort() < 0 ? standard : uri.getPort()));
    }

    /** Empty for an answered call; Prometheus treats an empty label as absent. */
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

    /** Counts one call by its outcome, cache hits included. */
    void countOutcome(String outcome) {
        meters.counter("precept.calls", "role", role, "outcome", outcome).increment();
    }

    /** Counts a valid vote by its form. */
    void countVote(VoteForm form) {
        Counter.builder("precept.votes")
                .description("valid votes by how the scores, and the object around them, were written")
                .tags(
                        "model",
                        model,
                        "notation",
                        form.notation().label(),
                        "surroundings",
                        form.surroundings().label())
                .register(meters)
                .increment();
    }

    /** Counts a reply of a judge that is no vote. */
    void countInvalidVote(VoteFault fault) {
        Counter.builder("precept.votes.invalid")
                .description("replies of a judge that were no valid vote")
                .tags("model", model, "cause", fault.label())
                .register(meters)
                .increment();
    }

    /**
     * Counts what the spend is computed from: tokens by kind. The kinds are parts of the prompt and of the completion: their
     * sum is the sum of all tokens.
     */
    void countTokens(TokenUsage used) {
        count("prompt", used.prompt() - used.cached());
        count("cached", used.cached());
        count("completion", used.completion() - used.reasoning());
        count("reasoning", used.reasoning());
    }

    private void count(String kind, long tokens) {
        Counter.builder("precept.tokens")
                .description("tokens of model calls by kind: prompt without cached, completion without reasoning")
                .tags("role", role, "kind", kind)
                .register(meters)
                .increment((double) tokens);
    }

    /** Registers gauges for the load of each endpoint of a pool. */
    void registerGauges(EndpointPool pool) {
        Gauge.builder("precept.endpoint.waiting", pool, EndpointPool::waiting)
                .description("calls that wait for a permit of any endpoint")
                .tags("role", role, "model", model)
                .register(meters);
        for (EndpointPool.EndpointStatus endpoint : pool.endpointStatuses()) {
            gauge("in.flight", "calls in flight at an endpoint", pool, endpoint, EndpointPool.EndpointStatus::inFlight);
            gauge("limit", "concurrency limit of an endpoint", pool, endpoint, EndpointPool.EndpointStatus::limit);
            gauge(
                    "breaker.open",
                    "1 while the circuit breaker of an endpoint is open",
                    pool,
                    endpoint,
                    now -> now.up() ? 0 : 1);
        }
    }

    private void gauge(
            String name,
            String description,
            EndpointPool pool,
            EndpointPool.EndpointStatus endpoint,
            ToDoubleFunction<EndpointPool.EndpointStatus> value) {
        Gauge.builder(
                        "precept.endpoint." + name,
                        pool,
                        p -> p.endpointStatuses().stream()
                                .filter(now -> now.endpoint().equals(endpoint.endpoint()))
                                .mapToDouble(value)
                                .sum())
                .description(description)
                .tags("role", role, "model", model, "endpoint", endpoint.endpoint())
                .register(meters);
    }
}
