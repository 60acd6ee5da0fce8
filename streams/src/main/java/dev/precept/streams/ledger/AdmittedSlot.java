package dev.precept.streams.ledger;

import dev.precept.records.AttemptFailure;
import dev.precept.records.Contamination;
import dev.precept.records.InvalidReason;
import dev.precept.records.LedgerRow;
import dev.precept.records.Prompt;
import dev.precept.records.Reason;
import dev.precept.records.SlotRef;
import dev.precept.records.SlotState;
import dev.precept.records.UnusableLine;

/** An open slot that has not been checked yet: the first methods that intake may call on it. */
public final class AdmittedSlot extends OpenSlot {
    AdmittedSlot(LedgerTransaction transaction, SlotRef ref, LedgerRow row) {
        super(transaction, ref, row);
    }

    /** Requests the row's attempt. A rebuilt row may have used its last one; then the slot ends. */
    public void requestAttempt(Prompt prompt) {
        move(SlotState.CHECKING);
        AttemptFailure furthest = row.getFurthest();
        if (furthest != null && row.getAttempt() > prompt.getRunParameters().getAttempts()) {
            rejectExhausted(prompt, furthest);
        } else {
            requestGeneration(prompt, prompt.getRunParameters().getMaxTokens());
        }
    }

    /** @param owner the origin that owns the prompt */
    public void rejectDuplicate(Prompt prompt, String owner) {
        reject(Reason.DUPLICATE_PROMPT, RowBuilders.duplicateRejection(ref, prompt, row.getSeq(), owner));
    }

    /** Ends the slot of a prompt that holds a question of an evaluation set. */
    public void rejectContaminated(Prompt prompt, Contamination found) {
        reject(Reason.CONTAMINATED, RowBuilders.contaminatedRejection(ref, prompt, row.getSeq(), found));
    }

    /** Ends the slot of a line that holds no prompt: as REJECTED if it is too large, else as INVALID. */
    public void rejectUnusable(UnusableLine line) {
        switch (line.getFault()) {
            case TOO_LARGE -> reject(Reason.TOO_LARGE, RowBuilders.tooLargeRejection(ref, line));
            case UNREADABLE -> markInvalid(line, InvalidReason.UNREADABLE);
            case UNKNOWN_CATEGORY -> markInvalid(line, InvalidReason.UNKNOWN_CATEGORY);
        }
    }

    /**
     * Ends the slot of an event that intake has failed on.
     *
     * @param cause of the failure
     */
    public void rejectFailed(String cause) {
        rejectFailed(RowBuilders.failedIntake(ref, cause));
    }

    private void markInvalid(UnusableLine line, InvalidReason reason) {
        markInvalid(reason, RowBuilders.invalidRejection(ref, line, reason));
    }
}
