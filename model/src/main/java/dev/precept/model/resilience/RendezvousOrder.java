package dev.precept.model.resilience;

import dev.precept.content.Sha256;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The order in which endpoints are preferred for requests with one beginning: weighted rendezvous hashing. It depends on the
 * names and weights alone, so that all processes prefer the same endpoint, and an endpoint that is added or removed moves no
 * other beginnings than its own. Immutable.
 */
final class RendezvousOrder {
    private static final int HASH_HEX = 16;
    private static final double UNIT = 0x1.0p-53;

    private final List<EndpointLimiter> limiters;
    private final long[] seeds;

    RendezvousOrder(List<EndpointLimiter> limiters) {
        this.limiters = List.copyOf(limiters);
        this.seeds =
                limiters.stream().mapToLong(limiter -> hash(limiter.name())).toArray();
    }

    private static long hash(String text) {
        return Long.parseUnsignedLong(Sha256.hex(text).substring(0, HASH_HEX), 16);
    }

    /** The endpoints, the most preferred first. */
    List<EndpointLimiter> of(String beginning) {
        long key = hash(beginning);
        record Scored(EndpointLimiter limiter, double score) {}
        List<Scored> scored = new ArrayList<>();
        for (int i = 0; i < seeds.length; i++) {
            double uniform = ((mixed(key ^ seeds[i]) >>> 11) + 1) * UNIT;
            scored.add(new Scored(limiters.get(i), limiters.get(i).weight() / -Math.log(uniform)));
        }
        return scored.stream()
                .sorted(Comparator.comparingDouble(Scored::score).reversed())
                .map(Scored::limiter)
                .toList();
    }

    /** The finalizer of SplitMix64. */
    private static long mixed(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
