package dev.precept.model.resilience;

import dev.precept.model.ChatModel;
import dev.precept.model.ChatRequest;
import dev.precept.model.ModelCallException;
import dev.precept.model.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One model behind one or several endpoints. A call goes to the endpoint with the most room for its weight, and waits
 * while none has room, none is up, or the rates of the minute are used up. Thread-safe.
 */
public final class EndpointPool implements ChatModel {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    private final List<EndpointLimiter> limiters;
    private final CallListener callListener;
    private int waiting;
    private boolean closed;
    /** The one caller that waits for time to pass; the others wait for it, or for a call to end. */
    private @Nullable Thread timekeeper;

    /**
     * An endpoint of the pool.
     *
     * @param name what it is called in messages and metrics, such as its URL
     * @param weight its share of the calls, from 1
     */
    public record PooledEndpoint(ChatModel model, String name, int weight, RateLimits rateLimits) {
        public PooledEndpoint {
            if (weight < 1) {
                throw new IllegalArgumentException("the weight of " + name + " must be at least 1, not " + weight);
            }
        }
    }

    /**
     * An endpoint at a moment.
     *
     * @param limit calls it is trusted with at once
     * @param up false while it is left alone after a row of failures
     * @param lastFailure its last failure since it last answered; empty if there is none
     */
    public record EndpointStatus(String endpoint, int inFlight, int limit, boolean up, String lastFailure) {}

    /** Told of every call that an endpoint answered or failed. Must be quick and thread-safe. */
    @FunctionalInterface
    public interface CallListener {
        CallListener NO_OP = call -> {};

        void onCallEnded(EndedCall call);
    }

    /**
     * A call that has ended; without reply and failure it was dropped by who asked for it.
     *
     * @param endpoint the name of its place
     * @param model that was asked for
     * @param queueTime from asking for a place to getting it
     * @param callTime from there to the end of the call
     */
    public record EndedCall(
            String endpoint,
            String model,
            @Nullable Reply reply,
            @Nullable ModelCallException failure,
            Duration queueTime,
            Duration callTime) {}

    /** @param most calls at once to one endpoint, where it refuses none */
    public EndpointPool(List<PooledEndpoint> places, int most, CallListener callListener) {
        if (places.isEmpty()) {
            throw new IllegalArgumentException("a pool needs an endpoint");
        }
        long now = System.nanoTime();
        this.limiters = places.stream()
                .map(pooledEndpoint -> new EndpointLimiter(pooledEndpoint, most, now))
                .toList();
        this.callListener = callListener;
    }

    /**
     * @throws ModelCallException as the endpoint that was asked said; asking again may reach another
     */
    @Override
    public Reply complete(ChatRequest request) throws ModelCallException, InterruptedException {
        long asked = System.nanoTime();
        EndpointLimiter.Permit permit = acquire();
        long begun = System.nanoTime();
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
            callListener.onCallEnded(new EndedCall(
                    permit.limiter().name(),
                    request.model(),
                    reply,
                    failure,
                    Duration.ofNanos(begun - asked),
                    Duration.ofNanos(ended - begun)));
        }
    }

    /**
     * Lets nobody in any more: whoever waits, or comes, is interrupted, and calls that are under way end as they would.
     */
    public void close() {
        lock.lock();
        try {
            closed = true;
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() throws InterruptedException {
        if (closed) {
            throw new InterruptedException("no call is begun any more");
        }
    }

    /** Callers that wait for a place. */
    public int waiting() {
        lock.lock();
        try {
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    /** Calls that have a permit. */
    public int callsInFlight() {
        return endpointStatuses().stream().mapToInt(EndpointStatus::inFlight).sum();
    }

    /** Every endpoint as it is now. */
    public List<EndpointStatus> endpointStatuses() {
        lock.lock();
        try {
            return limiters.stream().map(EndpointLimiter::status).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Why nobody can be asked, in one line; empty while any endpoint is up. */
    public Optional<String> outage() {
        List<EndpointStatus> all = endpointStatuses();
        return all.stream().anyMatch(EndpointStatus::up)
                ? Optional.empty()
                : Optional.of(String.join(
                        "; ", all.stream().map(EndpointStatus::lastFailure).toList()));
    }

    /** The gate to take, or how long all of them are barred: {@link Long#MAX_VALUE} if only the end of a call can tell. */
    private record Choice(@Nullable EndpointLimiter limiter, long waitNanos) {}

    private EndpointLimiter.Permit acquire() throws InterruptedException {
        lock.lockInterruptibly();
        waiting++;
        try {
            requireOpen();
            Choice choice = select();
            while (choice.limiter() == null) {
                if (choice.waitNanos() == Long.MAX_VALUE || timekeeper != null) {
                    change.await();
                } else {
                    timekeeper = Thread.currentThread();
                    try {
                        long _ = change.awaitNanos(choice.waitNanos());
                    } finally {
                        timekeeper = null;
                    }
                }
                requireOpen();
                choice = select();
            }
            return choice.limiter().acquire(System.nanoTime());
        } finally {
            waiting--;
            change.signal(); // there may be room for another, or nobody left who keeps the time
            lock.unlock();
        }
    }

    private Choice select() {
        long now = System.nanoTime();
        long barred = Long.MAX_VALUE;
        EndpointLimiter best = null;
        for (EndpointLimiter endpointLimiter : limiters) {
            long gateBarred = endpointLimiter.waitNanos(now);
            barred = Math.min(barred, gateBarred);
            if (gateBarred == 0 && (best == null || endpointLimiter.load() < best.load())) {
                best = endpointLimiter;
            }
        }
        return new Choice(best, barred);
    }

    private void release(
            EndpointLimiter.Permit permit, @Nullable Reply reply, @Nullable ModelCallException failure, long now) {
        lock.lock();
        try {
            if (reply != null) {
                permit.limiter().onSuccess(reply, now);
            } else if (failure != null) {
                permit.limiter().onFailure(permit, failure, now);
            } else {
                permit.limiter().onCancel(permit);
            }
            change.signal();
        } finally {
            lock.unlock();
        }
    }
}
