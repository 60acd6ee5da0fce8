package dev.precept.reward;

import dev.precept.judging.AnswerJudge;
import dev.precept.judging.Excerpts;
import dev.precept.judging.JudgedWork;
import dev.precept.judging.Parking;
import dev.precept.judging.ScoreResult;
import dev.precept.records.Failure;
import dev.precept.records.Reason;
import dev.precept.reward.NoRewardException.Cause;
import java.util.function.IntFunction;

/** Obtains votes from the judges, each in several rounds if need be. Thread-safe. */
final class VoteCalls {
    private static final int ROUNDS = 3;

    private final AnswerJudge judge;
    private final IntFunction<Parking> parking;
    private volatile boolean overBudget;

    /** @param parking by the number of the vote */
    VoteCalls(AnswerJudge judge, IntFunction<Parking> parking) {
        this.judge = judge;
        this.parking = parking;
    }

    /** Whether a vote could not be obtained because the budget is spent. */
    boolean isOverBudget() {
        return overBudget;
    }

    /** As {@link AnswerJudge#key}. */
    String key(JudgedWork.AnswerOnly work, Excerpts.EncodedExcerpt excerpt, int vote) {
        return judge.key(work, excerpt, vote);
    }

    /** @throws NoRewardException if the judge gives none, or the budget is spent */
    StoredVote obtain(JudgedWork.AnswerOnly work, Excerpts.EncodedExcerpt excerpt, int vote)
            throws NoRewardException, InterruptedException {
        String why = "";
        boolean asksAgain = true;
        for (int round = 1; round <= ROUNDS && asksAgain; round++) {
            switch (judge.vote(work, excerpt, vote, round, parking.apply(vote))) {
                case ScoreResult.Valid valid -> {
                    return StoredVote.of(valid.vote());
                }
                case ScoreResult.Failed(Failure failure, boolean again, String _) -> {
                    if (failure.getReason() == Reason.OVER_BUDGET) {
                        overBudget = true;
                        throw new NoRewardException(Cause.BUDGET, "the budget is spent");
                    }
                    why = failure.getDetail();
                    asksAgain = again;
                }
            }
        }
        throw new NoRewardException(Cause.JUDGE, "the judge gives no vote: " + why);
    }
}
