package dev.precept.judging;

import dev.precept.records.Failure;
import dev.precept.records.Vote;
import org.jspecify.annotations.Nullable;

/** What a judge gave when it was asked for a vote. */
public sealed interface ScoreResult {
    record Valid(Vote vote) implements ScoreResult {}

    /**
     * @param judgeAgain whether another round may give the vote
     * @param reply the last one that was no vote; null if there is none
     */
    record Failed(
            Failure failure, boolean judgeAgain, @Nullable String reply) implements ScoreResult {}
}
