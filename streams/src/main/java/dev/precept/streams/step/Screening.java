package dev.precept.streams.step;

import dev.precept.records.AttemptFailure;
import dev.precept.records.Candidate;
import dev.precept.records.Failure;
import dev.precept.records.Reason;
import dev.precept.records.SlotState;
import dev.precept.records.Stage;
import dev.precept.streams.ledger.AnsweredSlot;
import dev.precept.streams.ledger.Event;
import dev.precept.streams.ledger.LedgerStores;
import dev.precept.streams.ledger.LedgerTransaction;
import dev.precept.streams.ledger.OutputRecord;
import dev.precept.streams.ledger.Step;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Screens candidates: sends one to the near-duplicate search or the judges, retries it with a larger limit, or fails its attempt. */
public final class Screening implements Step<Candidate> {
    private static final Set<Reason> REFUSALS = Set.of(Reason.REQUEST_REFUSED, Reason.CONTEXT_TOO_LONG);

    @Override
    public List<OutputRecord> apply(LedgerStores stores, Event<Candidate> event) {
        Candidate candidate = event.value();
        LedgerTransaction transaction = new LedgerTransaction(
                stores, event, candidate.getTask().getRef().getRunId());
        transaction.open(candidate).ifPresent(slot -> screen(slot, candidate));
        return transaction.finish();
    }

    @Override
    public List<OutputRecord> reject(LedgerStores stores, Event<Candidate> event, String cause) {
        Candidate candidate = event.value();
        LedgerTransaction transaction = new LedgerTransaction(
                stores, event, candidate.getTask().getRef().getRunId());
        transaction.open(candidate).ifPresent(slot -> slot.rejectFailed(Stage.SCREEN, cause));
        return transaction.finish();
    }

    /** Why a candidate is not judged; empty if it is. */
    public static Optional<AttemptFailure> check(Candidate candidate) {
        return Screen.check(candidate);
    }

    private static void screen(AnsweredSlot slot, Candidate candidate) {
        if (candidate.getWorkerFailed() && candidate.getOutcome() instanceof Failure failure) {
            slot.rejectFailed(Stage.GENERATION, failure.getDetail());
            return;
        }
        slot.move(SlotState.SCREENING);
        if (Screen.isWhole(candidate)) {
            slot.countFindings();
        }
        Optional<AttemptFailure> failure = Screen.check(candidate);
        if (failure.isEmpty()) {
            if (!slot.look()) {
                slot.judge();
            }
        } else if (failure.get().getReason() == Reason.TRUNCATED && !slot.isLargerTry()) {
            slot.retryLarger();
        } else if (slot.isLargerTry() && REFUSALS.contains(failure.get().getReason())) {
            slot.failAttempt(truncated(candidate, failure.get()));
        } else {
            slot.failAttempt(failure.get());
        }
    }

    /** The larger limit is the ledger's own: its refusal says nothing about a next attempt with the normal limit. */
    private static AttemptFailure truncated(Candidate candidate, AttemptFailure refusal) {
        return Screen.failure(
                Reason.TRUNCATED,
                Stage.SCREEN,
                refusal.getAttempt(),
                "truncated at the token limit; the retry with max_tokens "
                        + candidate.getTask().getMaxTokens() + " was refused: " + refusal.getDetail());
    }
}
