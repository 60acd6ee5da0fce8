package dev.precept.streams.step;

import dev.precept.records.AttemptFailure;
import dev.precept.records.Candidate;
import dev.precept.records.Completion;
import dev.precept.records.LedgerRow;
import dev.precept.records.Reason;
import dev.precept.records.SlotState;
import dev.precept.streams.ledger.Attempt;
import dev.precept.streams.ledger.Event;
import dev.precept.streams.ledger.Ledger;
import dev.precept.streams.ledger.LedgerStores;
import dev.precept.streams.ledger.OpenSlot;
import dev.precept.streams.ledger.OutputRecord;
import dev.precept.streams.ledger.Step;
import java.util.List;
import java.util.Optional;

/** Looks at candidates: on to the judges, one larger try, the next attempt, or the end of the slot. */
public final class Screening implements Step<Candidate> {
    @Override
    public List<OutputRecord> apply(LedgerStores stores, Event<Candidate> event) {
        return Ledger.onCandidate(stores, event, (openSlot, row) -> screen(openSlot, row, event.value()));
    }

    private static void screen(OpenSlot openSlot, LedgerRow row, Candidate candidate) {
        openSlot.move(row, SlotState.SCREENING);
        Optional<AttemptFailure> failure = Screen.check(candidate);
        if (failure.isEmpty()) {
            Ledger.requestJudging(openSlot, row, candidate, (Completion) candidate.getOutcome());
        } else if (failure.get().getReason() == Reason.TRUNCATED && row.getTryNumber() == 1) {
            Ledger.retryWithLargerLimit(openSlot, row, candidate);
        } else {
            openSlot.failAttempt(new Attempt(candidate, List.of()), row, failure.get());
        }
    }
}
