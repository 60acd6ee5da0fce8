package dev.precept.model.resilience;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** How busy the endpoints of a pool are at one time. */
final class EndpointLoads {
    private final double bound;
    private final double unused;
    private final long callNanos;
    private final long now;
    private final List<EndpointLimiter> startable;
    private final double total;
    private final int weight;

    /**
     * @param bound calls in flight at an endpoint over its share of all
     * @param unused permits of an endpoint over those it uses
     * @param callNanos mean time of an answered call
     */
    EndpointLoads(List<EndpointLimiter> limiters, double bound, double unused, long callNanos, long now) {
        this.bound = bound;
        this.unused = unused;
        this.callNanos = callNanos;
        this.now = now;
        this.startable = new ArrayList<>(limiters.size());
        double busy = 0;
        int weights = 0;
        for (EndpointLimiter limiter : limiters) {
            if (limiter.waitNanos(now) == 0) {
                startable.add(limiter);
            }
            if (limiter.admits()) {
                busy += busy(limiter);
                weights += limiter.weight();
            }
        }
        if (startable.size() > 1) {
            startable.sort(Comparator.comparingDouble(limiter -> limiter.load(callNanos, now)));
        }
        this.total = busy + 1;
        this.weight = Math.max(1, weights);
    }

    /** The endpoints where a call may start now, the least busy first. */
    List<EndpointLimiter> startable() {
        return startable;
    }

    private double busy(EndpointLimiter limiter) {
        return limiter.load(callNanos, now) * limiter.weight() - 1;
    }

    /** Whether one more call would make it busier than its share by the bound, while another endpoint could take it. */
    private boolean isAboveBound(EndpointLimiter limiter) {
        double share = total * limiter.weight() / weight;
        return startable.size() > 1 && busy(limiter) + 1 > Math.ceil(bound * share);
    }

    /** Whether an endpoint takes no more of the calls that prefer it now. */
    boolean isOccupied(EndpointLimiter limiter) {
        return !startable.contains(limiter) || isAboveBound(limiter);
    }

    /**
     * Whether an endpoint takes calls that prefer another, occupied one: the other has more than its share, is down or waits
     * for its rate, or all its permits are used while this one uses fewer of its own by the factor.
     */
    boolean takesOver(EndpointLimiter limiter, EndpointLimiter other) {
        return !other.admits()
                || other.waitNanos(now) < Long.MAX_VALUE
                || busy(limiter) + 1 <= Math.ceil(limiter.limit() / unused);
    }
}
