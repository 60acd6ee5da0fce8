package dev.precept.streams.ledger;

import dev.precept.records.AttemptFailure;
import dev.precept.records.JudgingTask;
import dev.precept.records.LedgerRow;
import dev.precept.records.Prompt;
import dev.precept.records.SampleEvent;
import dev.precept.records.SlotState;
import dev.precept.schemas.ContentId;
import dev.precept.schemas.Topics;

/** An open slot and the attempt that a worker answered: what screening and deciding may do with it. */
public final class AnsweredSlot extends OpenSlot {
    private final Attempt attempt;

    AnsweredSlot(LedgerTransaction transaction, Attempt attempt, LedgerRow row) {
        super(transaction, attempt.ref(), row);
        this.attempt = attempt;
    }

    /** Whether the attempt may still be retried with a larger token limit. */
    public boolean isFirstTry() {
        return row.getTryNumber() == 1;
    }

    /** Requests a verdict on the completion and records its hash: only a verdict on these bytes is accepted. */
    public void judge() {
        move(SlotState.JUDGING);
        row.setCandidateSha256(ContentId.ofCompletion(attempt.completion()));
        transaction.emit(
                Topics.JUDGING_TASKS, ref.getPromptId(), new JudgingTask(attempt.candidate(), row.getJudgingRound()));
    }

    /** Requests the same attempt once more, with twice the token limit. */
    public void retryLarger() {
        row.setTryNumber(row.getTryNumber() + 1);
        requestGeneration(attempt.prompt(), 2 * attempt.candidate().getTask().getMaxTokens());
    }

    /** Records the failed attempt; then requests the next one, or ends the slot. */
    public void failAttempt(AttemptFailure failure) {
        emit(attempt.rejection(row.getSeq(), failure));
        AttemptFailure furthest = FailureRanking.further(row.getFurthest(), failure);
        row.setFurthest(furthest);
        Prompt prompt = attempt.prompt();
        if (row.getAttempt() < prompt.getRunParameters().getAttempts() && FailureRanking.isRetryable(failure)) {
            row.setAttempt(row.getAttempt() + 1);
            row.setTryNumber(1);
            row.setCandidateSha256(null);
            requestGeneration(prompt, prompt.getRunParameters().getMaxTokens());
        } else {
            rejectExhausted(prompt, furthest);
        }
    }

    /** Ends the slot with the attempt as its sample. */
    public void accept() {
        move(SlotState.ACCEPTED);
        transaction.counters().countAccepted();
        transaction.emit(
                Topics.SAMPLES, ref.getPromptId(), new SampleEvent(ref.getRunId(), attempt.sample(row.getSeq())));
    }
}
