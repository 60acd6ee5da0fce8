package dev.precept.streams.step;

import dev.precept.records.EndMarker;
import dev.precept.records.InputFault;
import dev.precept.records.Origin;
import dev.precept.records.Prompt;
import dev.precept.records.PromptEvent;
import dev.precept.records.UnusableLine;
import dev.precept.schemas.SlotId;
import dev.precept.schemas.Topics;
import dev.precept.streams.ledger.AdmittedSlot;
import dev.precept.streams.ledger.ClosedRun;
import dev.precept.streams.ledger.Event;
import dev.precept.streams.ledger.LedgerStores;
import dev.precept.streams.ledger.LedgerTransaction;
import dev.precept.streams.ledger.OutputRecord;
import dev.precept.streams.ledger.Step;
import dev.precept.streams.ledger.UnreadableRecord;
import java.util.List;

/**
 * Admits prompts: the first event of a prompt opens its slots, a repeated one changes nothing, and one from another
 * origin is a duplicate. Every source of a run that is complete on the partition has been read to its end, so any later
 * prompt of the run is a replay; the progress alone tells.
 */
public final class Intake implements Step<PromptEvent> {
    private final int rowsPerEvent;

    /** @param rowsPerEvent rows of a closed run that one event deletes at most, so that its transaction stays small */
    public Intake(int rowsPerEvent) {
        this.rowsPerEvent = rowsPerEvent;
    }

    @Override
    public List<OutputRecord> apply(LedgerStores stores, Event<PromptEvent> event) {
        String runId = event.value().getRunId();
        Object body = event.value().getBody();
        if (body instanceof EndMarker marker && marker.getCloses()) {
            ClosedRun.deleteRows(stores, runId, rowsPerEvent);
            return List.of();
        }
        LedgerTransaction transaction = new LedgerTransaction(stores, event, runId);
        transaction.recordPromptsOffset();
        switch (body) {
            case Prompt prompt -> admit(transaction, prompt);
            case UnusableLine line ->
                transaction
                        .admit(line.getPromptId(), line.getOrigin(), line.getSlots())
                        .forEach(slot -> slot.rejectUnusable(line));
            case EndMarker marker -> transaction.endSource(marker);
            default ->
                throw new IllegalStateException(
                        "a prompt event holds " + body.getClass().getSimpleName());
        }
        return transaction.finish();
    }

    @Override
    public List<OutputRecord> reject(LedgerStores stores, Event<PromptEvent> event, String cause) {
        LedgerTransaction transaction =
                new LedgerTransaction(stores, event, event.value().getRunId());
        transaction.recordPromptsOffset();
        List<AdmittedSlot> slots = switch (event.value().getBody()) {
            case Prompt prompt ->
                transaction.admit(
                        prompt.getPromptId(),
                        prompt.getOrigin(),
                        prompt.getRunParameters().getSamples());
            case UnusableLine line -> transaction.admit(line.getPromptId(), line.getOrigin(), line.getSlots());
            default -> List.of(); // an end marker has no slot
        };
        slots.forEach(slot -> slot.rejectFailed(cause));
        return transaction.finish();
    }

    /**
     * A prompt that the run's publisher sent and that cannot be decoded: it becomes one invalid slot, named by the hash of
     * its bytes, so that the run does not complete one prompt short without a trace.
     */
    @Override
    public List<OutputRecord> rejectUnreadable(LedgerStores stores, UnreadableRecord unreadable) {
        if (unreadable.runId() == null) {
            return List.of();
        }
        String id = unreadable.key() == null ? String.valueOf(unreadable.offset()) : unreadable.key();
        UnusableLine line = new UnusableLine(
                unreadable.sha256(),
                new Origin(Topics.PROMPTS.name(), id, 0L), // not the offset: sent again, it is a replay
                InputFault.UNREADABLE,
                "the record at offset " + unreadable.offset() + " of partition " + unreadable.partition()
                        + " cannot be decoded: " + unreadable.cause(),
                1);
        return apply(
                stores,
                new Event<>(
                        new PromptEvent(unreadable.runId(), line),
                        unreadable.partition(),
                        unreadable.offset(),
                        unreadable.time()));
    }

    private static void admit(LedgerTransaction transaction, Prompt prompt) {
        List<AdmittedSlot> slots = transaction.admit(
                prompt.getPromptId(),
                prompt.getOrigin(),
                prompt.getRunParameters().getSamples());
        if (slots.isEmpty()) {
            return;
        }
        String origin = SlotId.originKey(prompt.getOrigin());
        String owner = transaction.claim(prompt.getPromptId(), origin);
        if (!owner.equals(origin)) {
            slots.forEach(slot -> slot.rejectDuplicate(prompt, owner));
        } else if (prompt.getContamination() != null) {
            slots.forEach(slot -> slot.rejectContaminated(prompt, prompt.getContamination()));
        } else if (prompt.getPersonal() != null) {
            slots.forEach(slot -> slot.rejectPersonal(prompt, prompt.getPersonal()));
        } else {
            transaction.check(prompt, slots);
        }
    }
}
