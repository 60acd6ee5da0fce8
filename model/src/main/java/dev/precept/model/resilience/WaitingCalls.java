package dev.precept.model.resilience;

import dev.precept.model.ChatRequest;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
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
 * a shared beginning goes to the endpoint with the lowest load for its weight. Guarded by the lock of the pool.
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
    /** Callers that are looked at in one queue for a beginning that an endpoint has read. */
    private static final int LOOKED_AT = 64;

    /** More than tasks in flight. */
    private static final int SERIES = 16_384;

    private final List<EndpointLimiter> limiters;
    private final RendezvousOrder order;
    private final double bound;
    private final double unused;
    private final Map<EndpointLimiter, Queue> preferring = new HashMap<>();
    private final Map<EndpointLimiter, WarmBeginnings> warm = new HashMap<>();
    private final Queue anywhere = new Queue();
    /** Of the newest series, the endpoint that answered last. */
    private final Map<String, EndpointLimiter> series = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, EndpointLimiter> eldest) {
            return size() > SERIES;
        }
    };

    private long arrivals;
    private int size;

    /** A caller. Its permit is set when it may start. */
    static final class Waiter {
        private final ChatRequest request;
        private final Condition granted;
        private final Queue queue;
        private final String beginning;
        private final boolean continues;
        private final long number;
        private EndpointLimiter.@Nullable Permit permit;

        private Waiter(
                ChatRequest request, Condition granted, Queue queue, String beginning, boolean continues, long number) {
            this.request = request;
            this.granted = granted;
            this.queue = queue;
            this.beginning = beginning;
            this.continues = continues;
            this.number = number;
        }

        ChatRequest request() {
            return request;
        }

        Condition granted() {
            return granted;
        }

        EndpointLimiter.@Nullable Permit permit() {
            return permit;
        }

        void grant(EndpointLimiter.Permit given) {
            permit = given;
        }
    }

    /** A caller that may start now. */
    record Next(Waiter waiter, EndpointLimiter limiter) {}

    /** Callers that prefer one endpoint: those that continue first, each in order of arrival. */
    private static final class Queue {
        private final Deque<Waiter> continuing = new ArrayDeque<>();
        private final Deque<Waiter> starting = new ArrayDeque<>();

        private Deque<Waiter> of(Waiter waiter) {
            return waiter.continues ? continuing : starting;
        }

        @Nullable
        Waiter first() {
            Waiter first = continuing.peekFirst();
            return first == null ? starting.peekFirst() : first;
        }

        /** The first for another endpoint: one that continues loses most there. */
        @Nullable
        Waiter firstToMove() {
            Waiter first = starting.peekFirst();
            return first == null ? continuing.peekFirst() : first;
        }

        /** The first of those that start a series and whose beginning was read; null if there is none among the first ones. */
        @Nullable
        Waiter first(WarmBeginnings read) {
            return starting.stream()
                    .limit(LOOKED_AT)
                    .filter(waiter -> read.contains(waiter.beginning))
                    .findFirst()
                    .orElse(null);
        }
    }

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
            preferring.put(limiter, new Queue());
            warm.put(limiter, new WarmBeginnings(warmBeginnings));
        }
    }

    Waiter add(ChatRequest request, Condition granted) {
        String beginning = bound == 0 || limiters.size() == 1 ? "" : request.beginning();
        EndpointLimiter answered = series.get(request.series());
        Queue queue = anywhere;
        if (bound > 0 && answered != null) {
            queue = queue(answered);
        } else if (!beginning.isEmpty()) {
            queue = queue(order.of(beginning).getFirst());
        }
        Waiter waiter = new Waiter(request, granted, queue, beginning, answered != null, ++arrivals);
        queue.of(waiter).addLast(waiter);
        size++;
        return waiter;
    }

    /** An endpoint has answered a call: it has read what the other calls of the series say. */
    void onAnswered(ChatRequest request, EndpointLimiter limiter) {
        if (!request.series().isEmpty()) {
            series.put(request.series(), limiter);
        }
    }

    void remove(Waiter waiter) {
        if (waiter.queue.of(waiter).remove(waiter)) {
            size--;
        }
    }

    int size() {
        return size;
    }

    /** Some caller that waits; null if none does. */
    @Nullable
    Waiter any() {
        Waiter any = anywhere.first();
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
        List<EndpointLimiter> startable = limiters.stream()
                .filter(limiter -> limiter.waitNanos(now) == 0)
                .sorted(Comparator.comparingDouble(limiter -> limiter.load(callNanos, now)))
                .toList();
        Load load = new Load(callNanos, now, startable);
        for (EndpointLimiter limiter : startable) {
            Waiter waiter = next(limiter, load);
            if (waiter != null) {
                remove(waiter);
                if (!waiter.beginning.isEmpty()) {
                    warm(limiter).add(waiter.beginning);
                }
                return new Next(waiter, limiter);
            }
        }
        return null;
    }

    /** Called for the least busy endpoint first, which thus takes over before a busier one takes its own. */
    private @Nullable Waiter next(EndpointLimiter limiter, Load load) {
        Waiter own = queue(limiter).first();
        if (own != null) {
            return own;
        }
        Waiter unbound = anywhere.first();
        if (unbound != null) {
            return unbound;
        }
        Waiter oldest = null;
        Waiter oldestWarm = null;
        for (EndpointLimiter other : limiters) {
            if (other != limiter && load.isOccupied(other)) {
                oldest = older(oldest, queue(other).firstToMove(), load.takesOver(limiter, other));
                oldestWarm = older(oldestWarm, queue(other).first(warm(limiter)), true);
            }
        }
        return oldestWarm == null ? oldest : oldestWarm;
    }

    private static @Nullable Waiter older(@Nullable Waiter one, @Nullable Waiter other, boolean allowed) {
        if (other == null || !allowed) {
            return one;
        }
        return one == null || other.number < one.number ? other : one;
    }

    private Queue queue(EndpointLimiter limiter) {
        return preferring.getOrDefault(limiter, anywhere);
    }

    private WarmBeginnings warm(EndpointLimiter limiter) {
        return warm.computeIfAbsent(limiter, _ -> new WarmBeginnings(WARM));
    }

    /** How busy the endpoints are now. */
    private final class Load {
        private final long callNanos;
        private final long now;
        private final List<EndpointLimiter> startable;
        private final double total;
        private final double weight;

        Load(long callNanos, long now, List<EndpointLimiter> startable) {
            this.callNanos = callNanos;
            this.now = now;
            this.startable = startable;
            List<EndpointLimiter> up =
                    limiters.stream().filter(EndpointLimiter::admits).toList();
            this.total = 1 + up.stream().mapToDouble(this::busy).sum();
            this.weight =
                    Math.max(1, up.stream().mapToDouble(EndpointLimiter::weight).sum());
        }

        private double busy(EndpointLimiter limiter) {
            return limiter.load(callNanos, now) * limiter.weight() - 1;
        }

        private double share(EndpointLimiter limiter) {
            return total * limiter.weight() / weight;
        }

        /** Whether one more call would make it busier than its share by the bound, while another endpoint could take it. */
        boolean isAboveBound(EndpointLimiter limiter) {
            return startable.size() > 1 && busy(limiter) + 1 > Math.ceil(bound * share(limiter));
        }

        /** Whether an endpoint takes no more of the calls that prefer it now. */
        boolean isOccupied(EndpointLimiter limiter) {
            return !startable.contains(limiter) || isAboveBound(limiter);
        }

        /**
         * Whether an endpoint takes calls that prefer another, occupied one: the other has more than its share, is down or
         * waits for its rate, or all its permits are used while this one uses fewer of its own by the bound.
         */
        boolean takesOver(EndpointLimiter limiter, EndpointLimiter other) {
            long wait = other.waitNanos(now);
            return !other.admits() || wait < Long.MAX_VALUE || (busy(limiter) + 1) * unused <= limiter.limit();
        }
    }
}
