package dev.precept.model.resilience;

import dev.precept.model.ChatModel;
import dev.precept.model.ModelCallException;
import dev.precept.model.Reply;
import dev.precept.model.TokenUsage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One endpoint of a pool, with its limits and its state. Guarded by the lock of the pool. */
final class EndpointLimiter {
    private final ChatModel model;
    private final String name;
    private final int weight;
    private final AdaptiveConcurrencyLimit limit;
    private final CircuitBreaker circuitBreaker = new CircuitBreaker();
    private final @Nullable RateLimiter requests;
    private final @Nullable RateLimiter tokens;
    private int inFlight;
    private String lastFailure = "";

    /** The permit of one call in flight. */
    record Permit(EndpointLimiter limiter, int wave, boolean probe) {}

    EndpointLimiter(EndpointPool.PooledEndpoint pooledEndpoint, int maxConcurrency, long now) {
        this.model = pooledEndpoint.model();
        this.name = pooledEndpoint.name();
        this.weight = pooledEndpoint.weight();
        this.limit = new AdaptiveConcurrencyLimit(maxConcurrency);
        Long requestRate = pooledEndpoint.rateLimits().requests();
        Long tokenRate = pooledEndpoint.rateLimits().tokens();
        this.requests = requestRate == null ? null : new RateLimiter(requestRate, now);
        this.tokens = tokenRate == null ? null : new RateLimiter(tokenRate, now);
    }

    String name() {
        return name;
    }

    ChatModel model() {
        return model;
    }

    /** Time until a call may start: 0 for now, {@link Long#MAX_VALUE} if not before another call ends. */
    long waitNanos(long now) {
        if (!circuitBreaker.isOpen() && inFlight >= limit.current()) {
            return Long.MAX_VALUE;
        }
        long wait = circuitBreaker.waitNanos(now);
        if (requests != null) {
            wait = Math.max(wait, requests.waitNanos(now, 1));
        }
        return tokens == null ? wait : Math.max(wait, tokens.waitNanos(now, 0));
    }

    /** Calls in flight for each unit of weight; the next call goes to the endpoint with the lowest load. */
    double load() {
        return (inFlight + 1.0) / weight;
    }

    Permit acquire(long now) {
        inFlight++;
        circuitBreaker.onStart();
        if (requests != null) {
            requests.consume(1, now);
        }
        return new Permit(this, limit.wave(), circuitBreaker.isOpen());
    }

    void onSuccess(Reply reply, long now) {
        inFlight--;
        if (circuitBreaker.onSuccess()) {
            limit.onRecovery();
        } else {
            limit.onSuccess();
        }
        lastFailure = "";
        if (tokens != null) {
            TokenUsage usage = reply.usage();
            tokens.consume(usage.prompt() + usage.completion(), now);
        }
    }

    void onFailure(Permit permit, ModelCallException failed, long now) {
        if (failed instanceof ModelCallException.NotPermitted) {
            onCancel(permit);
            return;
        }
        inFlight--;
        lastFailure = String.valueOf(failed.getMessage());
        if (failed instanceof ModelCallException.RateLimited) {
            limit.onRejected(permit.wave());
            if (limit.current() > 1) {
                circuitBreaker.onCancel(permit.probe()); // full is not down, unless it rejects even a single call
                return;
            }
        }
        circuitBreaker.onFailure(
                permit.probe(), now, failed.retryAfter().orElse(Duration.ZERO).toNanos());
    }

    void onCancel(Permit permit) {
        inFlight--;
        circuitBreaker.onCancel(permit.probe());
    }

    EndpointPool.EndpointStatus status() {
        return new EndpointPool.EndpointStatus(name, inFlight, limit.current(), !circuitBreaker.isOpen(), lastFailure);
    }
}
