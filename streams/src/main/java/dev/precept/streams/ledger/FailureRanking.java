package dev.precept.streams.ledger;

import dev.precept.records.AttemptFailure;
import dev.precept.records.Reason;
import org.jspecify.annotations.Nullable;

/** Ranks the failures of a slot's attempts and decides which of them allow a next attempt. */
final class FailureRanking {
    private FailureRanking() {}

    /**
     * How far the attempt got: generation, screen, low score, incomplete verdict, curation. A failure by the end of the run
     * outranks all others.
     */
    static int rank(AttemptFailure attemptFailure) {
        return isEndOfRun(attemptFailure)
                ? 6
                : switch (attemptFailure.getStage()) {
                    case INTAKE -> 0;
                    case GENERATION -> 1;
                    case SCREEN -> 2;
                    case JUDGING -> attemptFailure.getReason() == Reason.LOW_SCORE ? 3 : 4;
                    case CURATION -> 5;
                };
    }

    /** The failure that got further; the later one of equals. */
    static AttemptFailure further(@Nullable AttemptFailure before, AttemptFailure now) {
        return before == null || rank(now) >= rank(before) ? now : before;
    }

    /** Whether the attempt failed because its run is cancelled or has no budget. */
    static boolean isEndOfRun(AttemptFailure attemptFailure) {
        return attemptFailure.getReason() == Reason.CANCELLED || attemptFailure.getReason() == Reason.OVER_BUDGET;
    }

    /** As {@link #isRetryable}, of a repair: its request was another one than that of the next attempt. */
    static boolean isRetryableRepair(AttemptFailure attemptFailure) {
        return isRetryable(attemptFailure)
                || attemptFailure.getReason() == Reason.REQUEST_REFUSED
                || attemptFailure.getReason() == Reason.CONTEXT_TOO_LONG;
    }

    /**
     * Whether a next attempt may do better. A server that refused a request for its content would refuse it with any seed,
     * and a judge that gave no verdict in all its rounds says nothing against the completion.
     */
    static boolean isRetryable(AttemptFailure attemptFailure) {
        return !isEndOfRun(attemptFailure)
                && attemptFailure.getReason() != Reason.REQUEST_REFUSED
                && attemptFailure.getReason() != Reason.CONTEXT_TOO_LONG
                && attemptFailure.getReason() != Reason.UNJUDGEABLE;
    }
}
