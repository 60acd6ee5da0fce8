package dev.precept.model.mock;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Server faults of the mock model. Whether a call fails is a function of its body and of how often that was sent, so
 * that runs are repeatable and retries succeed.
 *
 * @param latency of every completion
 * @param jitter maximum additional latency
 * @param shares of completions that fail, by kind; at most 1 in total
 */
public record FaultInjection(Duration latency, Duration jitter, Map<Kind, Double> shares) {
    /** A kind of fault. */
    public enum Kind {
        /** 429 with a Retry-After of one second. */
        RATE_LIMITED,
        /** 500. */
        SERVER_ERROR,
        /** 503. */
        OVERLOADED,
        /** The connection is closed without a response. */
        RESET,
        /** No response until the server is closed. */
        HANG,
        /** 200 with a page of HTML. */
        HTML,
        /** 200 with the first half of the body. */
        BAD_JSON,
        /** A truncated completion, with finish reason {@code length}. */
        TRUNCATE
    }

    public FaultInjection {
        shares = Map.copyOf(shares);
        double sum = shares.values().stream().mapToDouble(Double::doubleValue).sum();
        if (latency.isNegative() || jitter.isNegative()) {
            throw new IllegalArgumentException("latency and jitter must not be negative");
        }
        if (shares.values().stream().anyMatch(share -> !(share >= 0)) || sum > 1) {
            throw new IllegalArgumentException("shares of faults must be 0 or more and at most 1 in total: " + shares);
        }
    }

    public static FaultInjection none() {
        return new FaultInjection(Duration.ZERO, Duration.ZERO, Map.of());
    }

    public FaultInjection with(Kind kind, double share) {
        Map<Kind, Double> more = new EnumMap<>(Kind.class);
        more.putAll(shares);
        more.put(kind, share);
        return new FaultInjection(latency, jitter, more);
    }

    public FaultInjection withLatency(Duration newLatency, Duration newJitter) {
        return new FaultInjection(newLatency, newJitter, shares);
    }

    /** The fault of the nth call, from 0, with this body. */
    Optional<Kind> faultFor(long body, int nth) {
        double point = SeededChoice.uniform("fault", body, nth);
        for (Kind kind : Kind.values()) {
            point -= shares.getOrDefault(kind, 0.0);
            if (point < 0) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    Duration delay(long body, int nth) {
        return latency.plusNanos((long) (jitter.toNanos() * SeededChoice.uniform("jitter", body, nth)));
    }
}
