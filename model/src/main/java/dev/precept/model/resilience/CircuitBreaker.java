package dev.precept.model.resilience;

import java.time.Duration;

/**
 * Whether an endpoint is asked at all. After a row of failures that no answer interrupts it is left alone, then one call
 * is a probe: answered, all may ask again; failed, the wait doubles. Times are nanoseconds of one clock. Not thread-safe.
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

    /** How long until a call may begin; 0 for now. A probe that is out bars all others. */
    long waitNanos(long now) {
        if (!open) {
            return 0;
        }
        return probing ? Long.MAX_VALUE : Math.max(0, probeAt - now);
    }

    /** A call begins; while the breaker is open it is the probe. */
    void onStart() {
        probing = open;
    }

    /** @return whether this answer ended an outage */
    boolean onSuccess() {
        boolean wasOpen = open;
        failures = 0;
        open = false;
        probing = false;
        wait = FIRST_WAIT;
        return wasOpen;
    }

    /**
     * @param probe whether this call was the one
     * @param asked how long the endpoint asked to be left alone, 0 where it did not
     */
    void onFailure(boolean probe, long now, long asked) {
        failures++;
        if (open && !probe) {
            return; // begun before the trouble was known
        }
        if (open) {
            probing = false;
            wait = Math.min(LONGEST_WAIT, wait * 2);
        } else if (failures < FAILURES) {
            return;
        }
        open = true;
        probeAt = now + Math.max(wait, asked);
    }

    /** The probe ended without saying anything about the endpoint. */
    void onCancel(boolean probe) {
        if (probe) {
            probing = false;
        }
    }
}
