package dev.precept.model.pressure;

import dev.precept.model.CallFailed;
import dev.precept.model.ChatModel;
import dev.precept.model.ChatRequest;
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
    private final List<Gate> gates;
    private final Watcher watcher;
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
    public record Place(ChatModel model, String name, int weight, Rates rates) {
        public Place {
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
     * @param trouble its last failure since it last answered; empty if there is none
     */
    public record Pressure(String endpoint, int inFlight, int limit, boolean up, String trouble) {}

    /** Told of every call that an endpoint answered or failed. Must be quick and thread-safe. */
    @FunctionalInterface
    public interface Watcher {
        Watcher NOBODY = call -> {};

        void ended(EndedCall call);
    }

    /**
     * A call that has ended; without reply and failure it was dropped by who asked for it.
     *
     * @param endpoint the name of its place
     * @param model that was asked for
     * @param queued from asking for a place to getting it
     * @param inCall from there to the end of the call
     */
    public record EndedCall(
            String endpoint,
            String model,
            @Nullable Reply reply,
            @Nullable CallFailed failure,
            Duration queued,
            Duration inCall) {}

    /** @param most calls at once to one endpoint, where it refuses none */
    public EndpointPool(List<Place> places, int most, Watcher watcher) {
        if (places.isEmpty()) {
            throw new IllegalArgumentException("a pool needs an endpoint");
        }
        long now = System.nanoTime();
        this.gates = places.stream().map(place -> new Gate(place, most, now)).toList();
        this.watcher = watcher;
    }

    /**
     * @throws CallFailed as the endpoint that was asked said; asking again may reach another
     */
    @Override
    public Reply complete(ChatRequest request) throws CallFailed, InterruptedException {
        long asked = System.nanoTime();
        Gate.Pass pass = enter();
        long begun = System.nanoTime();
        @Nullable Reply reply = null;
        @Nullable CallFailed failure = null;
        try {
            reply = pass.gate().model().complete(request);
            return reply;
        } catch (CallFailed failed) {
            failure = failed;
            throw failed;
        } finally {
            long ended = System.nanoTime();
            leave(pass, reply, failure, ended);
            watcher.ended(new EndedCall(
                    pass.gate().name(),
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

    /** Every endpoint as it is now. */
    public List<Pressure> pressure() {
        lock.lock();
        try {
            return gates.stream().map(Gate::pressure).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Why nobody can be asked, in one line; empty while any endpoint is up. */
    public Optional<String> outage() {
        List<Pressure> all = pressure();
        return all.stream().anyMatch(Pressure::up)
                ? Optional.empty()
                : Optional.of(
                        String.join("; ", all.stream().map(Pressure::trouble).toList()));
    }

    /** The gate to take, or how long all of them are barred: {@link Long#MAX_VALUE} if only the end of a call can tell. */
    private record Choice(@Nullable Gate gate, long barredNanos) {}

    private Gate.Pass enter() throws InterruptedException {
        lock.lockInterruptibly();
        waiting++;
        try {
            requireOpen();
            Choice choice = choose();
            while (choice.gate() == null) {
                if (choice.barredNanos() == Long.MAX_VALUE || timekeeper != null) {
                    change.await();
                } else {
                    timekeeper = Thread.currentThread();
                    try {
                        long _ = change.awaitNanos(choice.barredNanos());
                    } finally {
                        timekeeper = null;
                    }
                }
                requireOpen();
                choice = choose();
            }
            return choice.gate().enter(System.nanoTime());
        } finally {
            waiting--;
            change.signal(); // there may be room for another, or nobody left who keeps the time
            lock.unlock();
        }
    }

    private Choice choose() {
        long now = System.nanoTime();
        long barred = Long.MAX_VALUE;
        Gate best = null;
        for (Gate gate : gates) {
            long gateBarred = gate.barredNanos(now);
            barred = Math.min(barred, gateBarred);
            if (gateBarred == 0 && (best == null || gate.load() < best.load())) {
                best = gate;
            }
        }
        return new Choice(best, barred);
    }

    private void leave(Gate.Pass pass, @Nullable Reply reply, @Nullable CallFailed failure, long now) {
        lock.lock();
        try {
            if (reply != null) {
                pass.gate().answered(reply, now);
            } else if (failure != null) {
                pass.gate().failed(pass, failure, now);
            } else {
                pass.gate().dropped(pass);
            }
            change.signal();
        } finally {
            lock.unlock();
        }
    }
}
