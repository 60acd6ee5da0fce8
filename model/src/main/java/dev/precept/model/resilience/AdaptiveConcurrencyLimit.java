package dev.precept.model.resilience;

import dev.precept.model.resilience.LoadSignal.Decision;
import dev.precept.model.resilience.LoadSignal.Load;
import java.time.Duration;

/**
 * The concurrency limit of an endpoint. It decreases at refusals (429, 503), at time-outs, and when calls wait in the
 * server's queue; calls that started under the same limit form a wave and decrease it once for each of these reasons. It
 * increases with answers, and after an outage with time alone. Times are values of {@link System#nanoTime}. Not
 * thread-safe.
 */
final class AdaptiveConcurrencyLimit {
    private static final double DECREASE = 0.85;
    /** The more calls time out, the larger the decrease: by half if all do. */
    private static final double DECREASE_BY_TIMEOUTS = 0.35;
    /** Additive increase per wave, as shares of the maximum; small after time-outs, because each of them is a lost call. */
    private static final double STEP = 0.1;

    private static final double STEP_AFTER_TIMEOUT = 0.01;
    private static final double STEP_GROWTH = 1.25;
    /** Increase per answer of an endpoint whose calls do not wait: this share per wave. */
    private static final double FREE_STEP = 0.25;
    /** With fewer calls in flight than this share of the limit, an answer says nothing about a higher limit. */
    private static final double USED = 0.5;
    /** Time-outs up to this share do not decrease the limit while the load is unknown: long answers time out as well. */
    private static final double FEW_TIMEOUTS = 0.05;
    /** Time-outs up to this share do not decrease it while answered calls do not wait. */
    private static final double MANY_TIMEOUTS = 0.5;
    /** Below, a share of queued calls means little. */
    private static final int FEW_CALLS = 4;
    /** After an outage the limit starts at one and doubles at each of these intervals. */
    private static final long RAMP_STEP = Duration.ofMillis(50).toNanos();

    private final int max;
    private final LoadSignal loadSignal = new LoadSignal();
    private Load load = Load.UNKNOWN;
    private double limit;
    private double slowStartEnd;
    private double step;
    private int wave;
    private boolean answeredSinceDecrease = true;
    private boolean ramping;
    private long rampStart;

    /** @param max the limit as long as the endpoint takes all calls */
    AdaptiveConcurrencyLimit(int max) {
        this.max = max;
        this.limit = max;
        this.slowStartEnd = max;
        this.step = STEP * max;
    }

    int current() {
        return (int) limit;
    }

    /** The current wave; a call keeps it until it ends. */
    int wave() {
        return wave;
    }

    /** Time until another call may start: 0 for now, {@link Long#MAX_VALUE} if not before a call ends. */
    long waitNanos(int inFlight, long now) {
        if (inFlight >= current()) {
            return Long.MAX_VALUE;
        }
        if (!ramping) {
            return 0;
        }
        int steps = Integer.SIZE - Integer.numberOfLeadingZeros(inFlight);
        if (1L << steps > max) {
            ramping = false;
            return 0;
        }
        return Math.max(0, rampStart + steps * RAMP_STEP - now);
    }

    /**
     * An answered call.
     *
     * @param inFlight calls in flight, this one included
     */
    void onAnswer(int callsWave, long completionTokens, double callSeconds, double deadlineSeconds, int inFlight) {
        onReply(inFlight);
        if (callsWave == wave && limit >= FEW_CALLS) {
            loadSignal
                    .onAnswer(completionTokens, callSeconds, deadlineSeconds, current())
                    .ifPresent(this::follow);
        }
    }

    /** Any reply of the endpoint, such as the refusal of a request, whose time tells nothing. */
    void onReply(int inFlight) {
        answeredSinceDecrease = true;
        if (inFlight >= USED * limit) {
            limit = Math.min(max, limit + increase());
        }
    }

    private double increase() {
        boolean slowStart = limit < slowStartEnd;
        return switch (load) {
            case HELD -> 0;
            case FREE -> slowStart ? 1 : Math.max(FREE_STEP, 1 / limit);
            case UNKNOWN -> {
                step = Math.min(STEP * max, step * Math.pow(STEP_GROWTH, 1 / limit));
                yield slowStart ? 1 : Math.max(1, step) / limit;
            }
        };
    }

    private void follow(Decision decision) {
        load = decision.load();
        if (decision.factor() > 1) {
            limit = Math.min(max, limit * decision.factor());
        } else if (decision.factor() < 1) {
            decreaseTo(limit * decision.factor());
        }
    }

    /**
     * The endpoint refused a call because it is full.
     *
     * @param accepted calls that were in flight before and were not refused; the endpoint has capacity for them
     */
    void onRefused(int callsWave, int accepted) {
        if (callsWave == wave) {
            decreaseTo(Math.min(limit, DECREASE * Math.max(limit, accepted)));
            loadSignal.restart();
            load = Load.UNKNOWN;
            step = STEP * max;
        }
    }

    /** @param share of recent calls that timed out */
    void onTimedOut(int callsWave, double share) {
        boolean ofTheCalls = switch (load) {
            case FREE -> share <= MANY_TIMEOUTS;
            case UNKNOWN -> share <= FEW_TIMEOUTS;
            case HELD -> false;
        };
        if (callsWave != wave) {
            return;
        }
        loadSignal.onTimeout();
        if (!ofTheCalls) {
            double factor = DECREASE - DECREASE_BY_TIMEOUTS * share;
            decreaseTo(limit * factor);
            loadSignal.onDecrease(factor);
            step = Math.max(1, STEP_AFTER_TIMEOUT * max);
        }
    }

    /** The endpoint accepts calls again after an outage: the limit returns to its value before. */
    void onRecovery(long now) {
        limit = answeredSinceDecrease ? limit : Math.max(limit, slowStartEnd);
        ramping = true;
        rampStart = now;
        loadSignal.restart();
    }

    /** Without an answer since the last decrease, the capacity of the endpoint is not known to have shrunk further. */
    private void decreaseTo(double lower) {
        limit = Math.max(1, lower);
        if (answeredSinceDecrease) {
            slowStartEnd = limit;
        }
        answeredSinceDecrease = false;
        wave++;
        if (limit < FEW_CALLS) {
            load = Load.UNKNOWN;
        }
    }
}
