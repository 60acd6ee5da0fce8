package dev.precept.model.resilience;

/**
 * What the other calls say about the endpoints: evidence for deciding whether a request that keeps failing is itself the
 * cause. Thread-safe.
 */
public interface CallEvidence {
    /** A call in flight for this long without a failure counts as accepted. */
    long ACCEPTED_AFTER_NANOS = 2_000_000_000L;

    /** The number of calls started so far; calls started later have a higher number. */
    long callsStarted();

    /**
     * Whether a later call succeeded: it was answered, or has been in flight for {@link #ACCEPTED_AFTER_NANOS} without
     * failing.
     *
     * @param callsStarted an earlier value of {@link #callsStarted()}, such as that at the first failure of a request
     */
    boolean acceptedAfter(long callsStarted);

    /**
     * The share of recent calls that timed out, from 0 to 1, of all calls that were answered or timed out. To the power
     * of n it is the chance that n consecutive time-outs of one request are the endpoint's.
     */
    double timedOutShare();
}
