package dev.precept.streams.ledger;

import dev.precept.records.AttemptFailure;
import dev.precept.records.Completion;
import dev.precept.records.JudgingTask;
import dev.precept.records.LedgerRow;
import dev.precept.records.Prompt;
import dev.precept.records.SampleEvent;
import dev.precept.records.SlotState;
import dev.precept.records.Stage;
import dev.precept.schemas.ContentId;
import dev.precept.schemas.Topics;

/** An open slot and the attempt that a worker answered: what screening and deciding may do with it. */
public final class AnsweredSlot extends OpenSlot {
    private static final int MAX_JUDGING_ROUNDS = 3;

    private final Attempt attempt;

    AnsweredSlot(LedgerTransaction transaction, Attempt attempt, LedgerRow row) {
        super(transaction, attempt.ref(), row);
        this.attempt = attempt;
    }

    /** Whether the attempt's completion is the one that was sent to the judges. */
    boolean isJudged() {
        return attempt.candidate().getOutcome() instanceof Completion completion
                && ContentId.ofCompletion(completion).equals(row.getCandidateSha256());
    }

    /** Whether the attempt was retried with a larger token limit. */
    public boolean isLargerTry() {
        return row.getTryNumber() > 1;
    }

    /** Requests a verdict on the completion and records its hash: only a verdict on these bytes is accepted. */
    public void judge() {
        row.setCandidateSha256(ContentId.ofCompletion(attempt.completion()));
        requestVerdict(1);
    }

    /** Whether the judges may be asked once more for a verdict on the completion. */
    public boolean canJudgeAgain() {
        return row.getJudgingRound() < MAX_JUDGING_ROUNDS;
    }

    /** Requests a verdict on the same completion once more, since the judges failed. This uses no attempt. */
    public void judgeAgain() {
        requestVerdict(row.getJudgingRound() + 1);
    }

    private void requestVerdict(int round) {
        move(SlotState.JUDGING);
        row.setJudgingRound(round);
        transaction.emit(Topics.JUDGING_TASKS, ref.getPromptId(), new JudgingTask(attempt.candidate(), round));
    }

    /** Counts what the screens found in the completion. */
    public void countFindings() {
        transaction.counters().countFindings(attempt.findingKinds());
    }

    /** Requests the same attempt once more, with a larger token limit. */
    public void retryLarger() {
        row.setTryNumber(row.getTryNumber() + 1);
        requestGeneration(attempt.prompt(), attempt.largerLimit());
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
            row.setJudgingRound(1);
            requestGeneration(prompt, prompt.getRunParameters().getMaxTokens());
        } else {
            rejectExhausted(prompt, furthest);
        }
    }

    /**
     * Ends the slot of an answer that a step has failed on.
     *
     * @param cause of the failure
     */
    public void rejectFailed(Stage stage, String cause) {
        rejectFailed(RowBuilders.failedAnswer(ref, stage, cause));
    }

    /** Ends the slot with the attempt as its sample. */
    public void accept() {
        move(SlotState.ACCEPTED);
        transaction.counters().countAccepted();
        transaction.counters().countAcceptedFindings(attempt.findingKinds());
        transaction.emitRow(
                Topics.SAMPLES, ref.getPromptId(), new SampleEvent(ref.getRunId(), attempt.sample(row.getSeq())));
    }
}
