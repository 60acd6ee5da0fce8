package dev.precept.model.resilience;

import java.time.Duration;

/**
 * Circuit breaker: opens after 10 consecutive failures, lets one probe through after 0.5 s (doubling to 5 s), closes on
 * success. Times are values of {@link System#nanoTime}. Not thread-safe.
 */
final class CircuitBreaker {
    private static final int FAILURES = 10;
    private static final long FIRST_WAIT = Duration.ofMillis(500).toNanos();
    private static final long LONGEST_WAIT = Duration.ofSeconds(5).toNanos();

    private int failures;
    private boolean open;
    private boolean probing;
    private long wait = FIRST_WAIT;
    private long probeAt;

    boolean isOpen() {
        return open;
    }

    /** Time until a call may start; 0 for now. A probe in flight blocks all other calls. */
    long waitNanos(long now) {
        if (!open) {
            return 0;
        }
        return probing ? Long.MAX_VALUE : Math.max(0, probeAt - now);
    }

    /** A call starts; while the breaker is open it is the probe. */
    void onStart() {
        probing = open;
    }

    /** @return whether this answer closed the breaker */
    boolean onSuccess() {
        boolean wasOpen = open;
        failures = 0;
        open = false;
        probing = false;
        wait = FIRST_WAIT;
        return wasOpen;
    }

    /**
     * @param probe whether this call was the probe
     * @param retryAfter the delay that the endpoint requested, 0 if none
     */
    void onFailure(boolean probe, long now, long retryAfter) {
        failures++;
        if (open && !probe) {
            return; // started before the breaker opened
        }
        if (open) {
            probing = false;
            wait = Math.min(LONGEST_WAIT, wait * 2);
        } else if (failures < FAILURES) {
            return;
        }
        open = true;
        probeAt = now + Math.max(wait, retryAfter);
    }

    /** A call ended without information about the endpoint. */
    void onCancel(boolean probe) {
        if (probe) {
            probing = false;
        }
    }
}
