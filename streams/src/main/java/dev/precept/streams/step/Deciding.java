package dev.precept.streams.step;

import dev.precept.records.AttemptFailure;
import dev.precept.records.Failure;
import dev.precept.records.GenerationTask;
import dev.precept.records.Reason;
import dev.precept.records.RunParameters;
import dev.precept.records.SlotState;
import dev.precept.records.Stage;
import dev.precept.records.Verdict;
import dev.precept.records.Vote;
import dev.precept.streams.ledger.AnsweredSlot;
import dev.precept.streams.ledger.Event;
import dev.precept.streams.ledger.LedgerStores;
import dev.precept.streams.ledger.LedgerTransaction;
import dev.precept.streams.ledger.OutputRecord;
import dev.precept.streams.ledger.Step;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides on verdicts: accepts the attempt as a sample, or sends it to the near-duplicate search first, fails it, or requests another verdict. */
public final class Deciding implements Step<Verdict> {
    private static final Set<Reason> END_OF_RUN = Set.of(Reason.CANCELLED, Reason.OVER_BUDGET);

    @Override
    public List<OutputRecord> apply(LedgerStores stores, Event<Verdict> event) {
        Verdict verdict = event.value();
        LedgerTransaction transaction =
                new LedgerTransaction(stores, event, task(verdict).getRef().getRunId());
        transaction.open(verdict).ifPresent(slot -> decide(slot, verdict));
        return transaction.finish();
    }

    @Override
    public List<OutputRecord> reject(LedgerStores stores, Event<Verdict> event, String cause) {
        Verdict verdict = event.value();
        LedgerTransaction transaction =
                new LedgerTransaction(stores, event, task(verdict).getRef().getRunId());
        transaction.openUnchecked(verdict).ifPresent(slot -> slot.rejectFailed(Stage.JUDGING, cause));
        return transaction.finish();
    }

    private static GenerationTask task(Verdict verdict) {
        return verdict.getTask().getCandidate().getTask();
    }

    private static void curate(AnsweredSlot slot, Verdict verdict) {
        slot.move(SlotState.CURATING);
        if (!slot.claim(verdict)) {
            slot.accept(null);
        }
    }

    /** Fails closed: a sample needs every vote that was requested, each at or above the threshold. */
    private static void decide(AnsweredSlot slot, Verdict verdict) {
        RunParameters runParameters = task(verdict).getPrompt().getRunParameters();
        Failure failure = verdict.getFailure();
        Optional<Vote> below = verdict.getVotes().stream()
                .filter(vote -> !(vote.getScore() >= runParameters.getThreshold()))
                .findFirst();
        if (failure != null && verdict.getWorkerFailed()) {
            slot.rejectFailed(Stage.JUDGING, failure.getDetail());
        } else if (below.isPresent()) {
            slot.failAttempt(failure(
                    verdict,
                    Reason.LOW_SCORE,
                    "vote " + below.get().getVote() + " gave " + below.get().getScore() + ", below "
                            + runParameters.getThreshold()));
        } else if (failure != null || verdict.getVotes().size() < runParameters.getVotes()) {
            withoutVerdict(slot, verdict, failure);
        } else {
            curate(slot, verdict);
        }
    }

    /** The judges failed, not the completion: they are asked again, and no generation is spent on it. */
    private static void withoutVerdict(AnsweredSlot slot, Verdict verdict, @Nullable Failure failure) {
        if (failure != null && END_OF_RUN.contains(failure.getReason())) {
            slot.failAttempt(failure(verdict, failure.getReason(), failure.getDetail()));
        } else if ((failure == null || verdict.getJudgeAgain()) && slot.canJudgeAgain()) {
            slot.judgeAgain();
        } else {
            String detail = failure == null
                    ? verdict.getVotes().size() + " of "
                            + task(verdict).getPrompt().getRunParameters().getVotes() + " votes were given"
                    : failure.getReason() == Reason.UNJUDGEABLE
                            ? failure.getDetail()
                            : failure.getReason() + ": " + failure.getDetail();
            slot.failAttempt(failure(
                    verdict, Reason.UNJUDGEABLE, "round " + verdict.getTask().getRound() + ": " + detail));
        }
    }

    private static AttemptFailure failure(Verdict verdict, Reason reason, String detail) {
        return Screen.failure(reason, Stage.JUDGING, task(verdict).getRef().getAttempt(), detail);
    }
}
