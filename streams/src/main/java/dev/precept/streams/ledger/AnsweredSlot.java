package dev.precept.streams.ledger;

import dev.precept.records.AttemptFailure;
import dev.precept.records.Completion;
import dev.precept.records.LedgerRow;
import dev.precept.records.Neighbour;
import dev.precept.records.NeighbourRequest;
import dev.precept.records.Prompt;
import dev.precept.records.Reason;
import dev.precept.records.SampleEvent;
import dev.precept.records.SlotState;
import dev.precept.records.Stage;
import dev.precept.records.Verdict;
import dev.precept.schemas.ContentId;
import dev.precept.schemas.Topics;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

    /** Searches a sample that the reasoning would fall to, before votes are paid for; false if the run does not. */
    public boolean look() {
        return NearDuplicates.rejectsSamples(attempt.prompt())
                && search(
                        JudgingRequest.withoutReviews(attempt.candidate()),
                        NearDuplicates.look(attempt.candidate(), row.getSeq()));
    }

    /**
     * Claims the reasoning for the sample, unless there is one that it falls to; false if the run does not compare samples.
     *
     * @param verdict which waits for the answer
     */
    public boolean claim(Verdict verdict) {
        return NearDuplicates.comparesSamples(attempt.prompt())
                && search(verdict, NearDuplicates.claim(attempt.candidate(), row.getSeq()));
    }

    private boolean search(Object waiting, List<NeighbourRequest> requests) {
        if (requests.isEmpty()) {
            return false; // a text without words is like no other
        }
        transaction.searches().request(SlotKey.row(ref), waiting, Topics.REASONING_SIGNATURES, requests);
        return true;
    }

    /** Fails the attempt, since its reasoning is similar to that of an earlier sample. */
    public void failNearDuplicate(Neighbour neighbour) {
        if (NearDuplicates.hasShards(attempt.prompt())) {
            withdrawClaim(); // a shard without a neighbour has kept it
        }
        failAttempt(new AttemptFailure(
                Reason.NEAR_DUPLICATE_SAMPLE,
                Stage.CURATION,
                ref.getAttempt(),
                NearDuplicates.sampleDetail(neighbour),
                neighbour));
    }

    private void withdrawClaim() {
        if (row.getState() == SlotState.CURATING) {
            transaction
                    .searches()
                    .send(Topics.REASONING_SIGNATURES, NearDuplicates.withdraw(attempt.candidate(), row.getSeq()));
        }
    }

    /** Whether the run keeps samples that have a neighbour, and only records it. */
    public boolean keepsNearDuplicates() {
        return !NearDuplicates.rejectsSamples(attempt.prompt());
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
        transaction.emit(Topics.JUDGING_TASKS, ref.getPromptId(), JudgingRequest.of(attempt.candidate(), round));
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

    /** Records the failed attempt; then requests the next one, which may be its repair, or ends the slot. */
    public void failAttempt(AttemptFailure failure) {
        emit(attempt.rejection(row.getSeq(), failure));
        AttemptFailure furthest = FailureRanking.further(row.getFurthest(), failure);
        row.setFurthest(furthest);
        Prompt prompt = attempt.prompt();
        if (row.getAttempt() < prompt.getRunParameters().getAttempts()
                && (attempt.isRepair()
                        ? FailureRanking.isRetryableRepair(failure)
                        : FailureRanking.isRetryable(failure))) {
            row.setAttempt(row.getAttempt() + 1);
            row.setTryNumber(1);
            row.setCandidateSha256(null);
            row.setJudgingRound(1);
            row.setRepair(
                    failure.getReason() == Reason.LOW_SCORE && !row.getRepaired()
                            ? attempt.repair().orElse(null)
                            : null);
            requestAttempt(prompt);
        } else {
            rejectExhausted(prompt, furthest);
            transaction.searches().ended(prompt, row.getSeq());
        }
    }

    /**
     * Ends the slot of an answer that a step has failed on.
     *
     * @param cause of the failure
     */
    public void rejectFailed(Stage stage, String cause) {
        if (NearDuplicates.comparesSamples(attempt.prompt())) {
            withdrawClaim();
        }
        rejectFailed(RowBuilders.failedAnswer(ref, stage, cause));
        transaction.searches().ended(attempt.prompt(), row.getSeq());
    }

    /**
     * Ends the slot with the attempt as its sample.
     *
     * @param neighbour the most similar earlier sample, where the run records it
     */
    public void accept(@Nullable Neighbour neighbour) {
        move(SlotState.ACCEPTED);
        transaction.counters().countAccepted(attempt.prompt().getCategories());
        transaction.counters().countAcceptedFindings(attempt.findingKinds());
        if (attempt.isRepair()) {
            transaction.counters().countAcceptedRepair();
        }
        transaction.emitRow(
                Topics.SAMPLES,
                ref.getPromptId(),
                new SampleEvent(ref.getRunId(), attempt.sample(row.getSeq(), neighbour)));
        transaction.searches().accepted(attempt.prompt(), row.getSeq());
    }
}
