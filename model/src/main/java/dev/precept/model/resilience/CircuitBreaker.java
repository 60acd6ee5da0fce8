package dev.precept.model.resilience;

import dev.precept.model.Backoff;
import java.time.Duration;

/**
 * Circuit breaker: opens after 10 consecutive failures during which no other call was accepted. While it is open, a
 * health check that costs nothing runs after 0.25 s and then every 0.5 s. A check that succeeds lets calls through again;
 * the breaker closes when one of them is accepted, and opens for longer (doubling to 5 s) when most of them fail. Times
 * are values of {@link System#nanoTime}. Not thread-safe.
 */
final class CircuitBreaker {
    private static final int FAILURES = 10;
    private static final int FAILURES_IN_RECOVERY = 2;
    private static final long FIRST_WAIT = Duration.ofMillis(250).toNanos();
    private static final long CHECK_WAIT = Duration.ofMillis(500).toNanos();
    private static final long LONGEST_WAIT = Duration.ofSeconds(5).toNanos();

    private enum State {
        CLOSED,
        OPEN,
        CHECKING,
        RECOVERING
    }

    private State state = State.CLOSED;
    private int failures;
    private int started;
    private long wait = FIRST_WAIT;
    private long checkAt;

    /** Whether the endpoint is taken to be down; calls may be in flight, or start to see whether it has recovered. */
    boolean isOpen() {
        return state != State.CLOSED;
    }

    /** Whether calls may start. */
    boolean admits() {
        return state == State.CLOSED || state == State.RECOVERING;
    }

    boolean isRecovering() {
        return state == State.RECOVERING;
    }

    /** Time until the next health check; 0 if it is due, {@link Long#MAX_VALUE} if none is. */
    long untilCheck(long now) {
        return state == State.OPEN ? Math.max(0, checkAt - now) : Long.MAX_VALUE;
    }

    void onCheckStarted() {
        state = State.CHECKING;
    }

    /** @return whether calls may start again; false if an answer has closed the breaker meanwhile */
    boolean onCheckSucceeded() {
        if (state != State.CHECKING) {
            return false;
        }
        state = State.RECOVERING;
        failures = 0;
        started = 0;
        return true;
    }

    void onCheckFailed(long now, Duration retryAfter) {
        if (state == State.CHECKING) {
            wait = Math.max(wait, CHECK_WAIT);
            open(now, retryAfter);
        }
    }

    void onStart() {
        started++;
    }

    /**
     * A call was answered, or was accepted during recovery.
     *
     * @return whether this closed the breaker without a health check
     */
    boolean onAccepted() {
        boolean unchecked = state == State.OPEN || state == State.CHECKING;
        state = State.CLOSED;
        failures = 0;
        wait = FIRST_WAIT;
        return unchecked;
    }

    /** Whether this is the first failure since a call was accepted. */
    boolean isFirstFailure() {
        return failures == 0;
    }

    /**
     * A call failed.
     *
     * @param current whether it started after the last check; an earlier call says nothing about the recovery
     * @param retryAfter the delay that the endpoint requested, zero if none; at most {@link Backoff#MAX_RETRY_AFTER} counts
     */
    void onFailure(boolean current, long now, Duration retryAfter) {
        switch (state) {
            case CLOSED -> {
                failures++;
                if (failures >= FAILURES) {
                    wait = FIRST_WAIT;
                    open(now, retryAfter);
                }
            }
            case RECOVERING -> {
                failures += current ? 1 : 0;
                if (failures >= FAILURES_IN_RECOVERY && 2 * failures > started) {
                    wait = Math.min(LONGEST_WAIT, 2 * wait);
                    open(now, retryAfter);
                }
            }
            case OPEN, CHECKING -> {}
        }
    }

    private void open(long now, Duration retryAfter) {
        state = State.OPEN;
        checkAt = now + Math.max(wait, capped(retryAfter).toNanos());
    }

    private static Duration capped(Duration retryAfter) {
        return retryAfter.compareTo(Backoff.MAX_RETRY_AFTER) < 0 ? retryAfter : Backoff.MAX_RETRY_AFTER;
    }
}
