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

/** Decides on verdicts: accepts the attempt as a sample, or fails it. */
public final class Deciding implements Step<Verdict> {
    @Override
    public List<OutputRecord> apply(LedgerStores stores, Event<Verdict> event) {
        Verdict verdict = event.value();
        LedgerTransaction transaction =
                new LedgerTransaction(stores, event, task(verdict).getRef().getRunId());
        transaction.open(verdict).ifPresent(slot -> decide(slot, verdict));
        return transaction.finish();
    }

    private static void decide(AnsweredSlot slot, Verdict verdict) {
        if (verdict.getWorkerFailed() && verdict.getFailure() != null) {
            slot.rejectFailed(Stage.JUDGING, verdict.getFailure().getDetail());
        } else {
            findFailure(verdict).ifPresentOrElse(slot::failAttempt, () -> curate(slot));
        }
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

    /** The near-duplicate stage; until it exists, every judged sample passes at once. */
    private static void curate(AnsweredSlot slot) {
        slot.move(SlotState.CURATING);
        slot.accept();
    }

    /** Fails closed: a sample needs every vote that was requested, each at or above the threshold. */
    private static Optional<AttemptFailure> findFailure(Verdict verdict) {
        int attempt = task(verdict).getRef().getAttempt();
        RunParameters runParameters = task(verdict).getPrompt().getRunParameters();
        Failure failure = verdict.getFailure();
        List<Vote> votes = verdict.getVotes();
        Optional<Vote> below = votes.stream()
                .filter(vote -> !(vote.getScore() >= runParameters.getThreshold()))
                .findFirst();
        if (below.isPresent()) {
            Vote vote = below.get();
            return Optional.of(Screen.failure(
                    Reason.LOW_SCORE,
                    Stage.JUDGING,
                    attempt,
                    "vote " + vote.getVote() + " gave " + vote.getScore() + ", below " + runParameters.getThreshold()));
        }
        if (failure != null) {
            return Optional.of(Screen.failure(failure.getReason(), Stage.JUDGING, attempt, failure.getDetail()));
        }
        if (votes.size() < runParameters.getVotes()) {
            return Optional.of(Screen.failure(
                    Reason.UNJUDGEABLE,
                    Stage.JUDGING,
                    attempt,
                    votes.size() + " of " + runParameters.getVotes() + " votes were given"));
        }
        return Optional.empty();
    }
}
