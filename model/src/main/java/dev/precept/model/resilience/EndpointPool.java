package dev.precept.model.resilience;

import dev.precept.model.ChatModel;
import dev.precept.model.ChatRequest;
import dev.precept.model.HealthCheck;
import dev.precept.model.ModelCallException;
import dev.precept.model.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One model behind one or several endpoints. A call goes to the endpoint that has read the beginning of its request, or to
 * the one with the lowest load for its weight ({@link WaitingCalls}), and waits while every endpoint is at its limit, down, or
 * over its rate. An endpoint that is down is checked while calls are made or wait. Thread-safe.
 */
public final class EndpointPool implements ChatModel {
    private static final Logger log = LoggerFactory.getLogger(EndpointPool.class);
    private static final double MEAN_OF = 64;

    private final ReentrantLock lock = new ReentrantLock();
    private final List<EndpointLimiter> limiters;
    private final CallListener callListener;
    private final WaitingCalls waiting;
    private boolean closed;
    private long callsStarted;
    /** Mean time of an answered call; 0 before the first. */
    private double callNanos;
    /** The one caller that waits with a timeout; the others wait until they are granted a permit. */
    private @Nullable WaitingCall timekeeper;

    /**
     * An endpoint of the pool.
     *
     * @param name in messages and metrics, such as the URL
     * @param weight its share of the calls, from 1
     * @param healthCheck while it is down
     */
    public record PooledEndpoint(
            ChatModel model, String name, int weight, RateLimits rateLimits, HealthCheck healthCheck) {
        /** An endpoint without a health check. */
        public PooledEndpoint(ChatModel model, String name, int weight, RateLimits rateLimits) {
            this(model, name, weight, rateLimits, HealthCheck.NONE);
        }

        public PooledEndpoint {
            if (weight < 1) {
                throw new IllegalArgumentException("the weight of " + name + " must be at least 1, not " + weight);
            }
        }
    }

    /**
     * The state of an endpoint.
     *
     * @param limit its concurrency limit
     * @param up false while its circuit breaker is open
     * @param lastFailure since its last answer; empty if there is none
     */
    public record EndpointStatus(String endpoint, int inFlight, int limit, boolean up, String lastFailure) {}

    /** Notified of every call that has ended. Must return fast and be thread-safe. */
    @FunctionalInterface
    public interface CallListener {
        CallListener NO_OP = call -> {};

        void onCallEnded(EndedCall call);
    }

    /**
     * A call that has ended. Without reply and failure, the caller cancelled it.
     *
     * @param endpoint name of the endpoint
     * @param model of the request
     * @param queueTime the wait for a permit
     * @param callTime from the permit to the end of the call
     */
    public record EndedCall(
            String endpoint,
            String model,
            @Nullable Reply reply,
            @Nullable ModelCallException failure,
            Duration queueTime,
            Duration callTime) {}

    /** @param maxConcurrency of each endpoint, as long as it rejects no call */
    public EndpointPool(List<PooledEndpoint> endpoints, int maxConcurrency, CallListener callListener) {
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("a pool needs an endpoint");
        }
        long now = System.nanoTime();
        this.limiters = endpoints.stream()
                .map(endpoint -> new EndpointLimiter(endpoint, maxConcurrency, now))
                .toList();
        this.callListener = callListener;
        this.waiting = new WaitingCalls(limiters);
    }

    /**
     * @throws ModelCallException if the selected endpoint failed; a retry may select another
     */
    @Override
    public Reply complete(ChatRequest request) throws ModelCallException, InterruptedException {
        long queued = System.nanoTime();
        EndpointLimiter.Permit permit = acquire(request);
        long started = System.nanoTime();
        @Nullable Reply reply = null;
        @Nullable ModelCallException failure = null;
        try {
            reply = permit.limiter().model().complete(request);
            return reply;
        } catch (ModelCallException failed) {
            failure = failed;
            throw failed;
        } finally {
            long ended = System.nanoTime();
            release(permit, reply, failure, ended);
            report(new EndedCall(
                    permit.limiter().name(),
                    request.model(),
                    reply,
                    failure,
                    Duration.ofNanos(started - queued),
                    Duration.ofNanos(ended - started)));
        }
    }

    /** A listener that fails must not turn an answer that was paid for into a failure. */
    private void report(EndedCall call) {
        try {
            callListener.onCallEnded(call);
        } catch (RuntimeException e) {
            log.atError().setCause(e).addKeyValue("endpoint", call.endpoint()).log("cannot report a model call");
        }
    }

    /** Interrupts the callers that wait for a permit, and all later callers. Calls in flight complete. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            waiting.wakeAll();
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() throws InterruptedException {
        if (closed) {
            throw new InterruptedException("the pool is closed");
        }
    }

    /** The number of callers that wait for a permit. */
    public int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** The number of calls that hold a permit. */
    public int callsInFlight() {
        return endpointStatuses().stream().mapToInt(EndpointStatus::inFlight).sum();
    }

    /** The present state of every endpoint. */
    public List<EndpointStatus> endpointStatuses() {
        lock.lock();
        try {
            long now = System.nanoTime();
            return limiters.stream().map(limiter -> limiter.status(now)).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Why no endpoint can be called, in one line; empty while at least one is up. */
    public Optional<String> outage() {
        List<EndpointStatus> all = endpointStatuses();
        return all.stream().anyMatch(EndpointStatus::up)
                ? Optional.empty()
                : Optional.of(String.join(
                        "; ", all.stream().map(EndpointStatus::lastFailure).toList()));
    }

    private EndpointLimiter.Permit acquire(ChatRequest request) throws InterruptedException {
        String beginning = limiters.size() == 1 ? "" : request.beginning();
        lock.lockInterruptibly();
        try {
            requireOpen();
            WaitingCall waiter = waiting.add(request, beginning, lock.newCondition());
            try {
                startNext();
                awaitPermit(waiter);
            } catch (InterruptedException | RuntimeException | Error e) {
                giveUp(waiter);
                throw e;
            }
            return Objects.requireNonNull(waiter.permit());
        } finally {
            keepTime(); // this caller may have been the timekeeper
            lock.unlock();
        }
    }

    /** One caller also waits for the time when an endpoint accepts calls without the end of one. */
    private void awaitPermit(WaitingCall waiter) throws InterruptedException {
        while (waiter.permit() == null) {
            long untilNext = waiting.untilNext(System.nanoTime());
            if (untilNext == Long.MAX_VALUE || timekeeper != null) {
                waiter.granted().await();
            } else {
                timekeeper = waiter;
                try {
                    long _ = waiter.granted().awaitNanos(untilNext);
                } finally {
                    timekeeper = null;
                }
                startNext();
            }
            requireOpen();
        }
    }

    private void giveUp(WaitingCall waiter) {
        waiting.remove(waiter);
        EndpointLimiter.Permit granted = waiter.permit();
        if (granted != null) {
            granted.limiter().onUnused(granted);
            startNext();
        }
    }

    /** Wakes the timekeeper, or the caller that becomes it, where there is a time to wait for. */
    private void keepTime() {
        WaitingCall keeper = timekeeper == null ? waiting.any() : timekeeper;
        if (keeper != null && waiting.untilNext(System.nanoTime()) < Long.MAX_VALUE) {
            keeper.granted().signal();
        }
    }

    /** Grants permits to the callers that may start now. */
    private void startNext() {
        long now = System.nanoTime();
        for (EndpointLimiter limiter : limiters) {
            if (waiting.size() > 0 && limiter.isCheckDue(now)) {
                limiter.onCheckStarted();
                HealthCheckThread.start(limiter.name(), limiter.healthCheck(), failure -> checked(limiter, failure));
            }
        }
        for (WaitingCalls.Next next = waiting.next((long) callNanos, now);
                next != null;
                next = waiting.next((long) callNanos, System.nanoTime())) {
            next.waiter().grant(next.limiter().acquire(next.waiter().request(), ++callsStarted, System.nanoTime()));
            next.waiter().granted().signal();
        }
    }

    private void checked(EndpointLimiter limiter, @Nullable ModelCallException failure) {
        lock.lock();
        try {
            limiter.onCheckEnded(failure, System.nanoTime());
            startNext();
            keepTime();
        } finally {
            lock.unlock();
        }
    }

    private void release(
            EndpointLimiter.Permit permit, @Nullable Reply reply, @Nullable ModelCallException failure, long now) {
        lock.lock();
        try {
            EndpointLimiter limiter = permit.limiter();
            if (reply != null) {
                limiter.onSuccess(permit, reply, now);
                waiting.onAnswered(permit.request(), limiter);
                double nanos = now - permit.startedAt();
                callNanos = callNanos == 0 ? nanos : callNanos + (nanos - callNanos) / MEAN_OF;
            } else if (failure != null) {
                limiter.onFailure(permit, failure, (long) callNanos, now);
            } else {
                limiter.onCancel(permit);
            }
            startNext();
            keepTime();
        } finally {
            lock.unlock();
        }
    }
}
