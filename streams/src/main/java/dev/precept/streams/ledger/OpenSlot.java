package dev.precept.streams.ledger;

import dev.precept.records.AttemptFailure;
import dev.precept.records.GenerationTask;
import dev.precept.records.InvalidReason;
import dev.precept.records.LedgerRow;
import dev.precept.records.Prompt;
import dev.precept.records.Reason;
import dev.precept.records.Rejection;
import dev.precept.records.RejectionEvent;
import dev.precept.records.SlotRef;
import dev.precept.records.SlotState;
import dev.precept.schemas.Topics;

/**
 * A slot that one event may move. Every method counts the transition, changes the row, and adds the output record that
 * follows from it to the transaction.
 */
public abstract sealed class OpenSlot permits AdmittedSlot, AnsweredSlot {
    final LedgerTransaction transaction;
    final SlotRef ref;
    final LedgerRow row;

    OpenSlot(LedgerTransaction transaction, SlotRef ref, LedgerRow row) {
        this.transaction = transaction;
        this.ref = ref;
        this.row = row;
    }

    /** @throws IllegalStateException if the transition is illegal: a bug */
    public final void move(SlotState to) {
        transaction.counters().countTransition(row.getState(), to);
        row.setState(to);
        if (to == SlotState.JUDGING || Transitions.isTerminal(to)) {
            row.setRepair(null); // no larger try follows
        }
    }

    /**
     * Requests the row's attempt, as a repair if the row has one; or ends the slot if each category of the prompt has samples
     * enough.
     */
    final void requestAttempt(Prompt prompt) {
        if (transaction.isOverQuota(prompt)) {
            rejectOverQuota(prompt);
            return;
        }
        if (row.getRepair() != null) {
            row.setRepaired(true);
            transaction.counters().countRepair();
        }
        requestGeneration(prompt, prompt.getRunParameters().getMaxTokens());
    }

    final void rejectOverQuota(Prompt prompt) {
        reject(
                Reason.OVER_QUOTA,
                RowBuilders.overQuotaRejection(ref, prompt, row.getSeq(), transaction.describeQuotas(prompt)));
        transaction.searches().ended(prompt, row.getSeq());
    }

    /** Requests a completion for the row's attempt and try. */
    final void requestGeneration(Prompt prompt, int maxTokens) {
        move(SlotState.GENERATING);
        SlotRef current = SlotRef.newBuilder(ref)
                .setAttempt(row.getAttempt())
                .setTryNumber(row.getTryNumber())
                .build();
        transaction.emit(
                Topics.GENERATION_TASKS,
                ref.getPromptId(),
                GenerationTask.newBuilder()
                        .setRef(current)
                        .setPrompt(prompt)
                        .setMaxTokens(maxTokens)
                        .setRepair(row.getRepair())
                        .build());
    }

    /** Ends the slot for the reason of the attempt that got furthest. */
    final void rejectExhausted(Prompt prompt, AttemptFailure furthest) {
        reject(furthest.getReason(), RowBuilders.terminalRejection(ref, prompt, row.getSeq(), furthest));
    }

    final void reject(Reason reason, Rejection terminal) {
        move(SlotState.REJECTED);
        transaction.counters().countRejected(reason);
        emit(terminal);
    }

    final void markInvalid(InvalidReason reason, Rejection terminal) {
        move(SlotState.INVALID);
        transaction.counters().countInvalid(reason);
        emit(terminal);
    }

    /** Ends the slot because a step failed on its record. */
    final void rejectFailed(Rejection terminal) {
        markInvalid(InvalidReason.PROCESSING_FAILED, terminal);
    }

    final void emit(Rejection rejection) {
        transaction.emitRow(Topics.REJECTIONS, ref.getPromptId(), new RejectionEvent(ref.getRunId(), rejection));
    }
}
