package dev.precept.streams.ledger;

import dev.precept.records.AttemptFailure;
import dev.precept.records.Reason;
import org.jspecify.annotations.Nullable;

/** What a setback means for the slot. */
final class FailureRanking {
    private FailureRanking() {}

    /**
     * How far down the line: generation, screen, no full verdict, low score, curation. What the run ended is the reason of
     * its slot, however far an earlier attempt got.
     */
    static int rank(AttemptFailure attemptFailure) {
        return isEndOfRun(attemptFailure)
                ? 6
                : switch (attemptFailure.getStage()) {
                    case INTAKE -> 0;
                    case GENERATION -> 1;
                    case SCREEN -> 2;
                    case JUDGING -> attemptFailure.getReason() == Reason.LOW_SCORE ? 4 : 3;
                    case CURATION -> 5;
                };
    }

    /** The one of two that got further; of equals the later. */
    static AttemptFailure further(@Nullable AttemptFailure before, AttemptFailure now) {
        return before == null || rank(now) >= rank(before) ? now : before;
    }

    private static boolean isEndOfRun(AttemptFailure attemptFailure) {
        return attemptFailure.getReason() == Reason.CANCELLED || attemptFailure.getReason() == Reason.OVER_BUDGET;
    }

    /** A request the server turned down for what it says would be turned down again, whatever its seed. */
    static boolean isRetryable(AttemptFailure attemptFailure) {
        return !isEndOfRun(attemptFailure)
                && attemptFailure.getReason() != Reason.REQUEST_REFUSED
                && attemptFailure.getReason() != Reason.CONTEXT_TOO_LONG;
    }
}
