package dev.precept.streams.step;

import dev.precept.records.AttemptFailure;
import dev.precept.records.Candidate;
import dev.precept.records.Reason;
import dev.precept.records.SlotState;
import dev.precept.streams.ledger.AnsweredSlot;
import dev.precept.streams.ledger.Event;
import dev.precept.streams.ledger.LedgerStores;
import dev.precept.streams.ledger.LedgerTransaction;
import dev.precept.streams.ledger.OutputRecord;
import dev.precept.streams.ledger.Step;
import java.util.List;
import java.util.Optional;

/** Screens candidates: sends one to the judges, retries it with a larger limit, or fails its attempt. */
public final class Screening implements Step<Candidate> {
    @Override
    public List<OutputRecord> apply(LedgerStores stores, Event<Candidate> event) {
        Candidate candidate = event.value();
        LedgerTransaction transaction = new LedgerTransaction(
                stores, event, candidate.getTask().getRef().getRunId());
        transaction.open(candidate).ifPresent(slot -> screen(slot, candidate));
        return transaction.finish();
    }

    private static void screen(AnsweredSlot slot, Candidate candidate) {
        slot.move(SlotState.SCREENING);
        Optional<AttemptFailure> failure = Screen.check(candidate);
        if (failure.isEmpty()) {
            slot.judge();
        } else if (failure.get().getReason() == Reason.TRUNCATED && slot.isFirstTry()) {
            slot.retryLarger();
        } else {
            slot.failAttempt(failure.get());
        }
    }
}
