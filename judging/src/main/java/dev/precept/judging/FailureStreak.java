package dev.precept.judging;

import dev.precept.model.ModelCallException;
import dev.precept.records.Failure;
import dev.precept.records.Reason;
import java.time.Duration;
import java.util.Optional;

/**
 * The consecutive failures of one request, and when they show that the request is their cause. A failure is proven if a
 * call made after the last proven one was answered: the endpoint worked in between, so an outage of any length proves
 * nothing. A request is abandoned once its proven failures are more than chance explains; see decision 32. Not
 * thread-safe.
 */
final class FailureStreak {
    private static final int MIN_FAILURES = 5;
    /** Most failures end with the next call or two. A time-out has taken its time already. */
    private static final int FAILURES_BEFORE_CONTROL = 3;
    /** Lower, because each costs the whole deadline of a call, and usually tokens. */
    private static final int MIN_TIMEOUTS = 3;
    /** If more of the other requests time out, the endpoint is overloaded rather than the request too slow. */
    private static final double OVERLOAD_SHARE = 0.05;

    private static final int MIN_TIMEOUTS_UNDER_OVERLOAD = 10;
    /** Abandons at most this share of the requests that would fail by chance alone. */
    private static final double CHANCE = 1e-4;

    private static final int MIN_REFUSALS_UNDER_LOAD = 20;
    /** A refused request may be large and wait for its turn, so that it gets time while others are admitted. */
    private static final Duration PATIENCE_UNDER_LOAD = Duration.ofMinutes(10);
    /** While only control calls are admitted. */
    private static final Duration PATIENCE_ALONE = Duration.ofSeconds(15);

    private final CallHistory history;
    private int failures;
    private int proven;
    private int timeouts;
    private int refusals;
    private int refusalsAlone;
    private boolean retryAfterSent;
    private boolean alone = true;
    private long lastProven;
    private long startNanos;

    FailureStreak(CallHistory history) {
        this.history = history;
    }

    /** Failures so far. */
    int failures() {
        return failures;
    }

    /** Whether no other request was answered since the last proven failure. */
    boolean isAlone() {
        return alone;
    }

    /** Whether only a control call can tell if the endpoint works: no other call has been answered. */
    boolean needsControl() {
        return failures >= (timeouts > 0 ? 1 : FAILURES_BEFORE_CONTROL)
                && history.evidenceAfter(lastProven) == CallHistory.Evidence.NONE;
    }

    /**
     * Records a failure.
     *
     * @param now of {@link System#nanoTime}
     * @return why the request is abandoned; empty if it is to be repeated
     */
    Optional<Failure> after(ModelCallException failed, long now) {
        failures++;
        if (failures == 1) {
            history.firstCallEnded(failed);
            startNanos = now;
        }
        CallHistory.Evidence evidence = history.evidenceAfter(lastProven);
        alone = evidence != CallHistory.Evidence.REQUEST;
        if (failures == 1 || evidence != CallHistory.Evidence.NONE) {
            count(failed, evidence == CallHistory.Evidence.CONTROL);
            lastProven = history.made();
        }
        Duration elapsed = Duration.ofNanos(now - startNanos);
        return isCause(failed, elapsed) ? Optional.of(failure(failed, elapsed)) : Optional.empty();
    }

    private void count(ModelCallException failed, boolean alone) {
        proven++;
        if (failed instanceof ModelCallException.TimedOut) {
            timeouts++;
        } else if (failed instanceof ModelCallException.RateLimited) {
            refusals++;
            refusalsAlone += alone ? 1 : 0;
            retryAfterSent |= failed.retryAfter().isPresent();
        }
    }

    private boolean isCause(ModelCallException failed, Duration elapsed) {
        return switch (failed) {
            case ModelCallException.TimedOut _ -> isTooSlow();
            case ModelCallException.RateLimited _ -> isTooLarge(elapsed);
            default -> proven - refusals >= failuresBeyondChance(MIN_FAILURES, history.failureShareOfOthers());
        };
    }

    private boolean isTooSlow() {
        double share = history.timeoutShareOfOthers();
        return share <= OVERLOAD_SHARE
                ? timeouts >= MIN_TIMEOUTS
                : timeouts >= failuresBeyondChance(MIN_TIMEOUTS_UNDER_OVERLOAD, share);
    }

    private boolean isTooLarge(Duration elapsed) {
        boolean alone = refusalsAlone >= MIN_FAILURES && !retryAfterSent && elapsed.compareTo(PATIENCE_ALONE) >= 0;
        return alone || (refusals >= MIN_REFUSALS_UNDER_LOAD && elapsed.compareTo(PATIENCE_UNDER_LOAD) >= 0);
    }

    /** The number of failures in a row that a request with the share of the others has with a chance below the limit. */
    private static double failuresBeyondChance(int least, double share) {
        return Math.max(least, Math.log(CHANCE) / Math.log(Math.min(share, 1 - 1e-9)));
    }

    private Failure failure(ModelCallException failed, Duration elapsed) {
        Reason reason = switch (failed) {
            case ModelCallException.TimedOut _ -> Reason.TIMED_OUT;
            case ModelCallException.Unreadable _ -> Reason.MALFORMED;
            case ModelCallException.Misconfigured _ -> Reason.REQUEST_REFUSED;
            case ModelCallException.Unavailable _,
                    ModelCallException.RateLimited _,
                    ModelCallException.NotPermitted _ -> Reason.SERVER_FAILED;
        };
        return new Failure(
                reason,
                "failed " + failures + " times in " + elapsed.toSeconds()
                        + " s while the endpoint answered others; the last time: " + failed.detail());
    }
}
