package dev.precept.model.resilience;

/**
 * How many calls an endpoint takes at once, found by asking: additive increase, multiplicative decrease (Chiu and Jain,
 * 1989), with a slow start up to where the trouble began (RFC 5681). One wave of refusals, which all answer calls of one
 * moment, shrinks the limit once. Not thread-safe.
 */
final class AdaptiveConcurrencyLimit {
    private static final double DECREASE = 0.85;
    /** From nothing to everything in this many waves, once slow start is over. */
    private static final int WAVES = 10;
    /** After an outage an endpoint is met with this share of what it took before. */
    private static final double AFTER_OUTAGE = 0.125;

    private final int most;
    private double limit;
    private double slowStartEnd;
    private int wave;
    private boolean answeredSinceDecrease = true;

    /** @param most the limit where nothing is refused */
    AdaptiveConcurrencyLimit(int most) {
        this.most = most;
        this.limit = most;
        this.slowStartEnd = most;
    }

    int current() {
        return (int) limit;
    }

    /** What a call takes with it when it begins, and gives back when it ends. */
    int wave() {
        return wave;
    }

    void onSuccess() {
        answeredSinceDecrease = true;
        boolean slowStart = limit < slowStartEnd;
        double step = slowStart ? 1 : Math.max(1, most / (double) WAVES) / limit;
        limit = Math.min(most, limit + step);
    }

    /** The endpoint was full for a call that began in a wave. */
    void onRejected(int callsWave) {
        if (callsWave == wave) {
            recordDecrease();
            limit = Math.max(1, limit * DECREASE);
            wave++;
        }
    }

    /** The endpoint answers again after it had answered nobody. */
    void onRecovery() {
        recordDecrease();
        limit = Math.max(1, slowStartEnd * AFTER_OUTAGE);
        wave++;
    }

    /** Where troubles only follow each other, what the endpoint can take is not known to have become less. */
    private void recordDecrease() {
        if (answeredSinceDecrease) {
            slowStartEnd = Math.max(1, limit * DECREASE);
        }
        answeredSinceDecrease = false;
    }
}
