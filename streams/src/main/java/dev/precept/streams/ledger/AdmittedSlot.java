package dev.precept.streams.ledger;

import dev.precept.records.AttemptFailure;
import dev.precept.records.Contamination;
import dev.precept.records.InvalidReason;
import dev.precept.records.LedgerRow;
import dev.precept.records.Neighbour;
import dev.precept.records.NeighbourRequest;
import dev.precept.records.PersonalFinding;
import dev.precept.records.Prompt;
import dev.precept.records.Reason;
import dev.precept.records.SlotRef;
import dev.precept.records.SlotState;
import dev.precept.records.UnusableLine;
import java.util.List;

/** An open slot that no attempt was requested for. */
public final class AdmittedSlot extends OpenSlot {
    AdmittedSlot(LedgerTransaction transaction, SlotRef ref, LedgerRow row) {
        super(transaction, ref, row);
    }

    /** Begins the check of its prompt. A rebuilt row may have used its last attempt; then the slot ends, and false is returned. */
    boolean check(Prompt prompt) {
        move(SlotState.CHECKING);
        AttemptFailure furthest = row.getFurthest();
        boolean exhausted =
                furthest != null && row.getAttempt() > prompt.getRunParameters().getAttempts();
        if (exhausted) {
            rejectExhausted(prompt, furthest);
        }
        return !exhausted;
    }

    void rejectNearDuplicate(Prompt prompt, Neighbour neighbour) {
        reject(Reason.NEAR_DUPLICATE_PROMPT, RowBuilders.nearDuplicateRejection(ref, prompt, row.getSeq(), neighbour));
    }

    List<NeighbourRequest> withdrawal(Prompt prompt) {
        return NearDuplicates.withdraw(prompt, ref.getRunId(), row.getSeq(), false);
    }

    /** @param owner the origin that owns the prompt */
    public void rejectDuplicate(Prompt prompt, String owner) {
        reject(Reason.DUPLICATE_PROMPT, RowBuilders.duplicateRejection(ref, prompt, row.getSeq(), owner));
    }

    /** Ends the slot of a prompt that holds a question of an evaluation set. */
    public void rejectContaminated(Prompt prompt, Contamination found) {
        reject(Reason.CONTAMINATED, RowBuilders.contaminatedRejection(ref, prompt, row.getSeq(), found));
    }

    /** Ends the slot of a prompt that holds personal data. */
    public void rejectPersonal(Prompt prompt, List<PersonalFinding> found) {
        reject(Reason.PERSONAL_DATA, RowBuilders.personalRejection(ref, prompt, row.getSeq(), found));
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
