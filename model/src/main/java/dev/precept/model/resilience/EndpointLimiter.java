package dev.precept.model.resilience;

import dev.precept.model.ChatModel;
import dev.precept.model.ChatRequest;
import dev.precept.model.HealthCheck;
import dev.precept.model.ModelCallException;
import dev.precept.model.ModelCallException.NotPermitted;
import dev.precept.model.ModelCallException.RateLimited;
import dev.precept.model.ModelCallException.TimedOut;
import dev.precept.model.ModelCallException.Unavailable;
import dev.precept.model.Reply;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One endpoint of a pool, with its limits and its state. Guarded by the lock of the pool. */
final class EndpointLimiter {
    private static final double NANOS_PER_SECOND = 1e9;
    /** A call that has lived this long, and twice as long as a failed one, was accepted when the other failed. */
    private static final long SURVIVED_NANOS = Duration.ofMillis(200).toNanos();

    /** After an outage, a call in flight for this long without a failure was accepted. */
    private static final long ACCEPTED_AFTER_NANOS = Duration.ofSeconds(2).toNanos();

    private static final long SURVIVED_REFUSAL_NANOS = Duration.ofMillis(50).toNanos();

    private final EndpointPool.PooledEndpoint endpoint;
    private final AdaptiveConcurrencyLimit limit;
    private final CircuitBreaker circuitBreaker = new CircuitBreaker();
    private final TimeoutShare timeoutShare = new TimeoutShare();
    private final CallsInFlight inFlight = new CallsInFlight();
    private final RecentFailures recentFailures = new RecentFailures();
    private final @Nullable RateLimiter requests;
    private final @Nullable TokenReservations tokens;
    private long newest;
    private long answeredAt;
    /** The newest call at the first of the present row of failures, or at the start of the recovery. */
    private long mark;

    private String lastFailure = "";

    /**
     * The permit of one call in flight.
     *
     * @param number of the call, in the order of the pool
     * @param reserved tokens
     */
    record Permit(EndpointLimiter limiter, ChatRequest request, long number, int wave, long startedAt, long reserved) {}

    EndpointLimiter(EndpointPool.PooledEndpoint endpoint, int maxConcurrency, long now) {
        this.endpoint = endpoint;
        this.limit = new AdaptiveConcurrencyLimit(maxConcurrency);
        this.answeredAt = now;
        Long requestRate = endpoint.rateLimits().requests();
        Long tokenRate = endpoint.rateLimits().tokens();
        this.requests = requestRate == null ? null : new RateLimiter(requestRate, now);
        this.tokens = tokenRate == null ? null : new TokenReservations(tokenRate, now);
    }

    String name() {
        return endpoint.name();
    }

    int weight() {
        return endpoint.weight();
    }

    /** Calls that may be in flight now. */
    int limit() {
        return limit.current();
    }

    /** False while its circuit breaker is open. */
    boolean admits() {
        return circuitBreaker.admits();
    }

    ChatModel model() {
        return endpoint.model();
    }

    HealthCheck healthCheck() {
        return endpoint.healthCheck();
    }

    /** Time until a call may start or a check is due: 0 for now, {@link Long#MAX_VALUE} if not before a call ends. */
    long waitNanos(long now) {
        if (!circuitBreaker.admits()) {
            return circuitBreaker.untilCheck(now);
        }
        long wait = limit.waitNanos(inFlight.size(), now);
        if (requests != null) {
            wait = Math.max(wait, requests.waitNanos(now, 1));
        }
        return tokens == null ? wait : Math.max(wait, tokens.waitNanos(now));
    }

    /** Whether a health check is due. */
    boolean isCheckDue(long now) {
        return circuitBreaker.untilCheck(now) == 0;
    }

    void onCheckStarted() {
        circuitBreaker.onCheckStarted();
    }

    /** @param failed null if the endpoint is healthy */
    void onCheckEnded(@Nullable ModelCallException failed, long now) {
        if (failed != null) {
            circuitBreaker.onCheckFailed(now, failed.retryAfter().orElse(Duration.ZERO));
        } else if (circuitBreaker.onCheckSucceeded()) {
            mark = newest;
            limit.onRecovery(now);
        }
    }

    /**
     * Calls in flight for each unit of weight; the next call goes to the endpoint with the lowest load. Recent failures
     * count as calls in flight: an endpoint that fails fast would otherwise always have the lowest load.
     *
     * @param callNanos mean time of an answered call
     */
    double load(long callNanos, long now) {
        return (inFlight.size() + 1.0 + recentFailures.load(callNanos, now)) / endpoint.weight();
    }

    Permit acquire(ChatRequest request, long number, long now) {
        circuitBreaker.onStart();
        if (requests != null) {
            requests.consume(1, now);
        }
        long reserved = tokens == null ? 0 : tokens.reserve(request, now);
        Permit permit = new Permit(this, request, number, limit.wave(), now, reserved);
        newest = number;
        inFlight.add(permit);
        return permit;
    }

    void onSuccess(Permit permit, Reply reply, long now) {
        if (circuitBreaker.onAccepted()) {
            limit.onRecovery(now);
        }
        if (reply instanceof Reply.Answered answer) {
            limit.onAnswer(
                    permit.wave(),
                    answer.usage().completion(),
                    (now - permit.startedAt()) / NANOS_PER_SECOND,
                    permit.request().timeout().toNanos() / NANOS_PER_SECOND,
                    inFlight.size());
        } else {
            limit.onReply(inFlight.size());
        }
        inFlight.remove(permit);
        timeoutShare.add(false, limit.current());
        answeredAt = now;
        lastFailure = "";
        if (tokens != null) {
            tokens.settle(permit.request(), permit.reserved(), reply.usage(), now);
        }
    }

    void onFailure(Permit permit, ModelCallException failed, long callNanos, long now) {
        inFlight.remove(permit);
        if (failed instanceof NotPermitted) {
            if (requests != null) {
                requests.consume(-1, now);
            }
            releaseTokens(permit, now);
            return;
        }
        lastFailure = failed.detail();
        recentFailures.add(callNanos, now);
        long lived = now - permit.startedAt();
        switch (failed) {
            case TimedOut _ -> {
                timeoutShare.add(true, limit.current());
                limit.onTimedOut(permit.wave(), timeoutShare.share());
                if (answeredAt - permit.startedAt() > 0) {
                    return; // slow is not down
                }
            }
            case RateLimited _ -> {
                releaseTokens(permit, now);
                // Full is not down, unless the endpoint refuses even a single call.
                if (isFull(permit, lived, now) || limit.current() > 1) {
                    return;
                }
            }
            case Unavailable unavailable -> {
                releaseTokens(permit, now);
                if (unavailable.isOverloaded() && isFull(permit, lived, now)) {
                    return;
                }
            }
            default -> {}
        }
        countFailure(permit, failed, lived, now);
    }

    /** Lowers the limit after a refusal. Returns whether the endpoint works on other calls. */
    private boolean isFull(Permit permit, long lived, long now) {
        int accepted = inFlight.olderThan(Math.max(2 * lived, SURVIVED_REFUSAL_NANOS), now);
        limit.onRefused(permit.wave(), accepted);
        return accepted > 0;
    }

    private void countFailure(Permit permit, ModelCallException failed, long lived, long now) {
        acceptSurvivors(Math.max(2 * lived, SURVIVED_NANOS), now);
        if (!circuitBreaker.isOpen() && circuitBreaker.isFirstFailure()) {
            mark = newest;
        }
        circuitBreaker.onFailure(
                permit.number() > mark, now, failed.retryAfter().orElse(Duration.ZERO));
    }

    /** A call that started after the first failure and is still in flight shows that the endpoint accepts calls. */
    private void acceptSurvivors(long nanos, long now) {
        if (circuitBreaker.admits() && inFlight.hasAfter(mark, nanos, now)) {
            circuitBreaker.onAccepted();
        }
    }

    private void releaseTokens(Permit permit, long now) {
        if (tokens != null) {
            tokens.release(permit.reserved(), now);
        }
    }

    void onCancel(Permit permit) {
        inFlight.remove(permit);
    }

    /** Returns a permit with which no call was made. */
    void onUnused(Permit permit) {
        inFlight.remove(permit);
        if (requests != null) {
            requests.consume(-1, permit.startedAt());
        }
        releaseTokens(permit, permit.startedAt());
    }

    EndpointPool.EndpointStatus status(long now) {
        if (circuitBreaker.isRecovering()) {
            acceptSurvivors(ACCEPTED_AFTER_NANOS, now);
        }
        return new EndpointPool.EndpointStatus(
                name(), inFlight.size(), limit.current(), !circuitBreaker.isOpen(), lastFailure);
    }
}
