package dev.precept.model.resilience;

/**
 * The concurrency limit of an endpoint: additive increase, multiplicative decrease (Chiu and Jain, 1989), with a slow
 * start up to the last congestion point (RFC 5681). Rejections of calls that started under the same limit form one wave
 * and decrease the limit once. Not thread-safe.
 */
final class AdaptiveConcurrencyLimit {
    private static final double DECREASE = 0.85;
    /** From zero to the maximum in this many waves, after slow start. */
    private static final int WAVES = 10;
    /** The limit after an outage, as a share of the limit before. */
    private static final double AFTER_OUTAGE = 0.125;

    private final int max;
    private double limit;
    private double slowStartEnd;
    private int wave;
    private boolean answeredSinceDecrease = true;

    /** @param max the limit as long as nothing is rejected */
    AdaptiveConcurrencyLimit(int max) {
        this.max = max;
        this.limit = max;
        this.slowStartEnd = max;
    }

    int current() {
        return (int) limit;
    }

    /** The current wave; a call keeps it for {@link #onRejected}. */
    int wave() {
        return wave;
    }

    void onSuccess() {
        answeredSinceDecrease = true;
        boolean slowStart = limit < slowStartEnd;
        double step = slowStart ? 1 : Math.max(1, max / (double) WAVES) / limit;
        limit = Math.min(max, limit + step);
    }

    /** The endpoint rejected a call that started in the given wave. */
    void onRejected(int callsWave) {
        if (callsWave == wave) {
            recordDecrease();
            limit = Math.max(1, limit * DECREASE);
            wave++;
        }
    }

    /** The endpoint answered again after an outage. */
    void onRecovery() {
        recordDecrease();
        limit = Math.max(1, slowStartEnd * AFTER_OUTAGE);
        wave++;
    }

    /** Without an answer since the last decrease, the capacity of the endpoint is not known to have shrunk further. */
    private void recordDecrease() {
        if (answeredSinceDecrease) {
            slowStartEnd = Math.max(1, limit * DECREASE);
        }
        answeredSinceDecrease = false;
    }
}
