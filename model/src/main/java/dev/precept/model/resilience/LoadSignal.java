package dev.precept.model.resilience;

import java.util.Optional;

/**
 * Detects from the times of answered calls whether an endpoint queues them. Queueing is confirmed by its effect: if a
 * lower concurrency does not shorten the time in the queue, that time is the endpoint's own (reading the prompt, the
 * network) and becomes the baseline. Not thread-safe.
 */
final class LoadSignal {
    private static final int FEWEST_SAMPLES = 16;

    private static final int ENOUGH_SAMPLES = 64;
    /** Shares of the call time that are spent in the queue. */
    private static final double FREE_BELOW = 0.1;

    private static final double AIM = 0.15;
    private static final double LATE_ABOVE = 0.25;
    /** Without a line: the share of the deadline above which the concurrency must not grow. */
    private static final double NEAR_DEADLINE = 0.6;
    /** Windows in {@link Load#HELD} after which a slightly lower concurrency is tried. */
    private static final int HELD_WINDOWS = 8;

    private static final double TRIAL_DECREASE = 0.9;
    private static final double LARGEST_DECREASE = 0.5;
    /** The part of the expected effect that confirms a queue. */
    private static final double CONFIRMED = 0.3;
    /** Decreases without the expected effect after which there is no queue. The first may follow a burst. */
    private static final int UNCONFIRMED_TRIALS = 2;
    /** Shares of time-outs. Answered calls show only the waits that are shorter than the deadline. */
    private static final double FEW_TIMEOUTS = 0.01;

    private static final double MANY_TIMEOUTS = 0.1;
    /** Per wave, so that a baseline that was learnt under foreign load is tested again. */
    private static final double BASELINE_DECAY = 0.98;

    /** The load of an endpoint. */
    enum Load {
        /** Too little is known: too few calls, or answers of equal length. */
        UNKNOWN,
        /** Calls do not wait. */
        FREE,
        /** Calls wait a little: the endpoint is busy all the time. */
        HELD
    }

    /**
     * The result of a window.
     *
     * @param factor for the limit: 1 to keep it, less for a decrease, more to undo one
     */
    record Decision(Load load, double factor) {
        private static final Decision NONE = new Decision(Load.UNKNOWN, 1);
    }

    /**
     * A decrease whose effect on the queue is still to be seen.
     *
     * @param number of successive decreases without effect, this one included
     * @param factor of all of them
     */
    private record Trial(int number, double factor, double queueSeconds, double expectedDrop, double timeouts) {
        /**
         * Whether the queue is as long as before. If it is shorter, the decrease had its effect; if it is longer, calls
         * were still piling up when it was measured before, and the decrease has shown nothing.
         */
        boolean hadNoEffect(QueueTime.Line line, double timeoutsNow) {
            double change = line.queueSeconds() - queueSeconds;
            return change > -CONFIRMED * expectedDrop
                    && change < expectedDrop
                    && timeoutsNow <= MANY_TIMEOUTS
                    && (timeouts <= FEW_TIMEOUTS || timeoutsNow >= timeouts / 2);
        }
    }

    private final QueueTime queueTime = new QueueTime();
    private Optional<QueueTime.Line> last = Optional.empty();
    private Optional<Trial> trial = Optional.empty();
    private double baseline;
    private int held;
    private double deadlineShares;
    private int timeouts;
    private double lastTimeouts;

    /**
     * Adds a call that started under the present limit.
     *
     * @param deadlineSeconds of the call
     * @return empty until the window is full
     */
    Optional<Decision> onAnswer(long completionTokens, double callSeconds, double deadlineSeconds, int limit) {
        queueTime.add(completionTokens, callSeconds);
        deadlineShares += callSeconds / deadlineSeconds;
        int needed = Math.clamp(limit / 2, FEWEST_SAMPLES, ENOUGH_SAMPLES);
        if (queueTime.samples() < needed || (!queueTime.isSpread() && queueTime.samples() < 4 * needed)) {
            return Optional.empty();
        }
        last = queueTime.line();
        baseline *= Math.pow(BASELINE_DECAY, (double) queueTime.samples() / limit);
        lastTimeouts = (double) timeouts / (timeouts + queueTime.samples());
        Decision decision = last.map(this::decide).orElseGet(this::withoutLine);
        clear();
        return Optional.of(decision);
    }

    /** A call that started under the present limit timed out. */
    void onTimeout() {
        timeouts++;
    }

    /** The limit was decreased because of time-outs: if they come from a queue, it gets shorter. */
    void onDecrease(double factor) {
        trial = last.map(line -> trial(line, factor));
        clear();
    }

    /** The limit has changed for another reason; earlier calls do not count, and no effect is waited for. */
    void restart() {
        last = Optional.empty();
        trial = Optional.empty();
        clear();
    }

    private void clear() {
        queueTime.clear();
        deadlineShares = 0;
        timeouts = 0;
    }

    private Decision withoutLine() {
        trial = Optional.empty();
        boolean near = deadlineShares / queueTime.samples() > NEAR_DEADLINE;
        return near ? new Decision(Load.HELD, 1) : Decision.NONE;
    }

    private Decision decide(QueueTime.Line line) {
        if (trial.isPresent() && trial.get().hadNoEffect(line, lastTimeouts)) {
            if (trial.get().number() < UNCONFIRMED_TRIALS) {
                return lower(line, TRIAL_DECREASE);
            }
            double undo = 1 / trial.get().factor();
            trial = Optional.empty();
            baseline = line.queueSeconds();
            return new Decision(Load.FREE, undo);
        }
        trial = Optional.empty();
        baseline = Math.min(baseline, line.queueSeconds());
        double share = (line.queueSeconds() - baseline) / line.callSeconds();
        double certain = share - 2 * line.deviation() / line.callSeconds();
        if (share > LATE_ABOVE && certain > FREE_BELOW) {
            return lower(line, Math.clamp((1 - share) / (1 - AIM), LARGEST_DECREASE, TRIAL_DECREASE));
        }
        held = share > FREE_BELOW ? held + 1 : 0;
        if (held >= HELD_WINDOWS) {
            return lower(line, TRIAL_DECREASE);
        }
        return new Decision(held > 0 ? Load.HELD : Load.FREE, 1);
    }

    private Decision lower(QueueTime.Line line, double factor) {
        held = 0;
        trial = Optional.of(trial(line, factor));
        return new Decision(Load.HELD, factor);
    }

    private Trial trial(QueueTime.Line line, double factor) {
        return new Trial(
                trial.map(Trial::number).orElse(0) + 1,
                trial.map(Trial::factor).orElse(1.0) * factor,
                line.queueSeconds(),
                (1 - factor) * line.callSeconds(),
                lastTimeouts);
    }
}
