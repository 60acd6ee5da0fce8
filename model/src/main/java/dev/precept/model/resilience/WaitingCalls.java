package dev.precept.model.resilience;

import dev.precept.model.ChatRequest;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/**
 * The callers that wait for a permit, and which of them starts next at which endpoint. A server that has read the beginning of
 * a request skips it, so that a call goes to the endpoint that is preferred for its beginning, unless that one is busier than
 * the others by {@link #BOUND}; another one then takes the call that has waited longest of those whose beginning it has read
 * too, or of all. Calls of a series that an endpoint has answered before prefer that one and go before others. A call without
 * a shared beginning goes to the endpoint with the lowest load for its weight. A call that is {@link #isLate late} goes first,
 * anywhere. Guarded by the lock of the pool.
 */
final class WaitingCalls {
    /**
     * Calls in flight at an endpoint over its share of all, while others have free permits. Measured, as the next two, in
     * PrefixRoutingSimulationTest: with more, fewer calls are answered where one excerpt has most of the traffic.
     */
    static final double BOUND = 1.25;

    /**
     * Permits of an endpoint over those it uses, while calls wait for an endpoint that has none left. With 1, calls find less
     * in the caches; with 1.25, a tenth of the permits may be unused.
     */
    static final double UNUSED = 1.1;
    /** Beginnings that an endpoint takes from others. With more, each server reads all of them, and none keeps its own. */
    static final int WARM = 4;
    /**
     * Later calls that a call lets pass, over all that wait: in one queue for all they would be at most as many. Calls of a
     * series do not count, which wait for nothing. Measured as the others, with one server ten times slower: 2 costs up to
     * 8 % of the answers, 4 up to 2 %, and 8 nothing.
     */
    private static final int LATE = 8;

    private static final int FEWEST_LATER = 64;
    /** More than tasks in flight. */
    private static final int SERIES = 16_384;

    private final List<EndpointLimiter> limiters;
    private final RendezvousOrder order;
    private final double bound;
    private final double unused;
    private final Map<EndpointLimiter, CallQueue> preferring = new HashMap<>();
    private final Map<EndpointLimiter, WarmBeginnings> warm = new HashMap<>();
    private final CallQueue anywhere = new CallQueue();
    /** Of the newest series, the endpoint that answered last. */
    private final Map<String, EndpointLimiter> series = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, EndpointLimiter> eldest) {
            return size() > SERIES;
        }
    };

    private long arrivals;
    /** Of them, those that continue no series. */
    private long starts;

    private int size;

    /** A caller that may start now. */
    record Next(WaitingCall waiter, EndpointLimiter limiter) {}

    WaitingCalls(List<EndpointLimiter> limiters) {
        this(limiters, BOUND, UNUSED, WARM);
    }

    /** @param bound 0 for no preference */
    WaitingCalls(List<EndpointLimiter> limiters, double bound, double unused, int warmBeginnings) {
        this.limiters = List.copyOf(limiters);
        this.order = new RendezvousOrder(limiters);
        this.bound = bound;
        this.unused = unused;
        for (EndpointLimiter limiter : limiters) {
            preferring.put(limiter, new CallQueue());
            warm.put(limiter, new WarmBeginnings(warmBeginnings));
        }
    }

    /** @param beginning of the request, which takes long to compute under a lock */
    WaitingCall add(ChatRequest request, String beginning, Condition granted) {
        EndpointLimiter answered = series.get(request.series());
        boolean continues = false;
        CallQueue queue = anywhere;
        if (bound > 0 && answered != null && answered.admits()) {
            continues = true;
            queue = queue(answered);
        } else if (bound > 0 && limiters.size() > 1 && !beginning.isEmpty()) {
            queue = queue(preferred(beginning));
        }
        WaitingCall waiter = new WaitingCall(request, granted, queue, beginning, continues, ++arrivals, starts);
        starts += continues ? 0 : 1;
        queue.add(waiter);
        size++;
        return waiter;
    }

    /** The first in the order that is up, so that the excerpts of one that is down have one endpoint each, too. */
    private EndpointLimiter preferred(String beginning) {
        List<EndpointLimiter> ordered = order.of(beginning);
        return ordered.stream().filter(EndpointLimiter::admits).findFirst().orElse(ordered.getFirst());
    }

    /** An endpoint has answered a call: it has read what the other calls of the series say. */
    void onAnswered(ChatRequest request, EndpointLimiter limiter) {
        if (!request.series().isEmpty()) {
            series.put(request.series(), limiter);
        }
    }

    void remove(WaitingCall waiter) {
        if (waiter.queue().remove(waiter)) {
            size--;
        }
    }

    /** Removes all callers and wakes them without a permit. */
    void wakeAll() {
        for (WaitingCall waiter = any(); waiter != null; waiter = any()) {
            remove(waiter);
            waiter.granted().signal();
        }
    }

    /** Time until an endpoint accepts a call that does not now; {@link Long#MAX_VALUE} if not before a call ends. */
    long untilNext(long now) {
        long least = Long.MAX_VALUE;
        for (EndpointLimiter limiter : limiters) {
            long wait = limiter.waitNanos(now);
            least = wait > 0 ? Math.min(least, wait) : least;
        }
        return least;
    }

    int size() {
        return size;
    }

    /** Some caller that waits; null if none does. */
    @Nullable
    WaitingCall any() {
        WaitingCall any = anywhere.first();
        for (EndpointLimiter limiter : limiters) {
            any = any == null ? queue(limiter).first() : any;
        }
        return any;
    }

    /**
     * Removes and returns the next caller to start; null if none can start now.
     *
     * @param callNanos mean time of an answered call
     */
    @Nullable
    Next next(long callNanos, long now) {
        if (size == 0) {
            return null;
        }
        EndpointLoads loads = new EndpointLoads(limiters, bound, unused, callNanos, now);
        for (EndpointLimiter limiter : loads.startable()) {
            WaitingCall waiter = next(limiter, loads);
            if (waiter != null) {
                remove(waiter);
                if (!waiter.beginning().isEmpty()) {
                    warm(limiter).add(waiter.beginning());
                }
                return new Next(waiter, limiter);
            }
        }
        return null;
    }

    /** Called for the least busy endpoint first, which thus takes over before a busier one takes its own. */
    private @Nullable WaitingCall next(EndpointLimiter limiter, EndpointLoads loads) {
        WaitingCall late = oldest();
        if (late != null && isLate(late)) {
            return late;
        }
        WaitingCall own = queue(limiter).first();
        if (own == null || !own.continues()) {
            own = WaitingCall.older(own, anywhere.first(), true);
        }
        if (own != null) {
            return own;
        }
        WaitingCall oldest = null;
        WaitingCall oldestWarm = null;
        for (EndpointLimiter other : limiters) {
            if (other != limiter && loads.isOccupied(other)) {
                oldest = WaitingCall.older(oldest, queue(other).firstToMove(), loads.takesOver(limiter, other));
                oldestWarm = WaitingCall.older(oldestWarm, queue(other).first(warm(limiter)), true);
            }
        }
        return oldestWarm == null ? oldest : oldestWarm;
    }

    /** Whether too many calls came later: it waits for an endpoint that is slow or down, or has a rare excerpt. */
    private boolean isLate(WaitingCall call) {
        return starts - call.startsBefore() > (long) LATE * size + FEWEST_LATER;
    }

    private @Nullable WaitingCall oldest() {
        WaitingCall oldest = anywhere.oldest();
        for (EndpointLimiter limiter : limiters) {
            oldest = WaitingCall.older(oldest, queue(limiter).oldest(), true);
        }
        return oldest;
    }

    private CallQueue queue(EndpointLimiter limiter) {
        return preferring.getOrDefault(limiter, anywhere);
    }

    private WarmBeginnings warm(EndpointLimiter limiter) {
        return warm.computeIfAbsent(limiter, _ -> new WarmBeginnings(WARM));
    }
}
