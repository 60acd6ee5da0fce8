package dev.precept.streams.ledger;

import dev.precept.records.Reason;
import dev.precept.records.Setback;
import org.jspecify.annotations.Nullable;

/** What a setback means for the slot. */
final class FailureRanking {
    private FailureRanking() {}

    /**
     * How far down the line: generation, screen, no full verdict, low score, curation. What the run ended is the reason of
     * its slot, however far an earlier attempt got.
     */
    static int rank(Setback setback) {
        return isEndOfRun(setback)
                ? 6
                : switch (setback.getStage()) {
                    case INTAKE -> 0;
                    case GENERATION -> 1;
                    case SCREEN -> 2;
                    case JUDGING -> setback.getReason() == Reason.LOW_SCORE ? 4 : 3;
                    case CURATION -> 5;
                };
    }

    /** The one of two that got further; of equals the later. */
    static Setback further(@Nullable Setback before, Setback now) {
        return before == null || rank(now) >= rank(before) ? now : before;
    }

    private static boolean isEndOfRun(Setback setback) {
        return setback.getReason() == Reason.CANCELLED || setback.getReason() == Reason.OVER_BUDGET;
    }

    /** A request the server turned down for what it says would be turned down again, whatever its seed. */
    static boolean isRetryable(Setback setback) {
        return !isEndOfRun(setback)
                && setback.getReason() != Reason.REQUEST_REFUSED
                && setback.getReason() != Reason.CONTEXT_TOO_LONG;
    }
}
