package dev.precept.streams.ledger;

import dev.precept.records.Cause;
import dev.precept.records.EndMarker;
import dev.precept.records.InputFault;
import dev.precept.records.LedgerRow;
import dev.precept.records.Origin;
import dev.precept.records.Outcome;
import dev.precept.records.Prompt;
import dev.precept.records.PromptEvent;
import dev.precept.records.Reason;
import dev.precept.records.Rejection;
import dev.precept.records.Seq;
import dev.precept.records.SlotRef;
import dev.precept.records.SlotState;
import dev.precept.records.Stage;
import dev.precept.records.UnusableLine;
import dev.precept.schemas.SlotId;
import java.util.List;

/** Admits prompts: a first asking opens slots, a re-sent one changes nothing, one from another origin is a duplicate. */
public final class Intake implements Step<PromptEvent> {
    @Override
    public List<Emission> apply(LedgerStores stores, Event<PromptEvent> event) {
        String runId = event.value().getRunId();
        Entry entry = new Entry(stores, event, runId);
        switch (event.value().getBody()) {
            case Prompt prompt -> admit(stores, entry, event.with(prompt), runId);
            case UnusableLine line -> bury(stores, entry, event.with(line), runId);
            case EndMarker marker -> entry.accounts().ended(marker);
            default ->
                throw new IllegalStateException("a prompt event holds "
                        + event.value().getBody().getClass().getSimpleName());
        }
        return entry.close();
    }

    private static void admit(LedgerStores stores, Entry entry, Event<Prompt> event, String runId) {
        Prompt prompt = event.value();
        if (stores.rows().get(SlotKey.row(runId, prompt.getPromptId(), prompt.getOrigin(), 0)) != null) {
            entry.accounts().replayed();
            return;
        }
        entry.accounts().promptRead();
        String origin = SlotId.originKey(prompt.getOrigin());
        String ownerKey = SlotKey.owner(runId, prompt.getPromptId());
        boolean duplicate = stores.owners().putIfAbsent(ownerKey, origin) != null;
        for (int slot = 0; slot < prompt.getAsking().getSamples(); slot++) {
            LedgerRow row = opened(entry, event, slot);
            if (duplicate) {
                entry.reject(row, Reason.DUPLICATE_PROMPT, duplicate(stores, row, prompt, runId, slot));
            } else {
                entry.move(row, SlotState.CHECKING);
                entry.generate(
                        ref(runId, prompt, slot),
                        row,
                        prompt,
                        prompt.getAsking().getMaxTokens());
            }
            entry.put(SlotKey.row(runId, prompt.getPromptId(), prompt.getOrigin(), slot), row);
        }
    }

    private static void bury(LedgerStores stores, Entry entry, Event<UnusableLine> event, String runId) {
        UnusableLine line = event.value();
        if (stores.rows().get(SlotKey.row(runId, line.getPromptId(), line.getOrigin(), 0)) != null) {
            entry.accounts().replayed();
            return;
        }
        entry.accounts().promptRead();
        for (int slot = 0; slot < line.getSlots(); slot++) {
            LedgerRow row = opened(entry, event, slot);
            Rejection.Builder obituary = obituary(line, runId, slot);
            switch (line.getFault()) {
                case TOO_LARGE ->
                    entry.reject(
                            row,
                            Reason.TOO_LARGE,
                            obituary.setOutcome(Outcome.REJECTED)
                                    .setReason(Reason.TOO_LARGE)
                                    .build());
                case UNREADABLE, UNKNOWN_CATEGORY -> {
                    Cause cause = line.getFault() == InputFault.UNREADABLE ? Cause.UNREADABLE : Cause.UNKNOWN_CATEGORY;
                    entry.die(
                            row,
                            cause,
                            obituary.setOutcome(Outcome.DEAD).setCause(cause).build());
                }
            }
            entry.put(SlotKey.row(runId, line.getPromptId(), line.getOrigin(), slot), row);
        }
    }

    private static LedgerRow opened(Entry entry, Event<?> event, int slot) {
        entry.accounts().admitted();
        return LedgerRow.newBuilder()
                .setState(SlotState.ADMITTED)
                .setAttempt(1)
                .setTryNumber(1)
                .setSeq(new Seq(event.offset(), event.partition(), slot))
                .build();
    }

    private static SlotRef ref(String runId, Prompt prompt, int slot) {
        return SlotRef.newBuilder()
                .setRunId(runId)
                .setPromptId(prompt.getPromptId())
                .setOrigin(prompt.getOrigin())
                .setSlot(slot)
                .setAttempt(1)
                .setTryNumber(1)
                .build();
    }

    private static Rejection duplicate(LedgerStores stores, LedgerRow row, Prompt prompt, String runId, int slot) {
        String slotId = SlotId.of(prompt.getPromptId(), prompt.getOrigin(), slot);
        return Rows.rejection(runId, prompt, slot, slotId, row.getSeq())
                .setOutcome(Outcome.REJECTED)
                .setReason(Reason.DUPLICATE_PROMPT)
                .setTerminal(true)
                .setStage(Stage.INTAKE)
                .setDetail("the same conversation was asked from "
                        + stores.owners().get(SlotKey.owner(runId, prompt.getPromptId())))
                .build();
    }

    private static Rejection.Builder obituary(UnusableLine line, String runId, int slot) {
        Origin origin = line.getOrigin();
        return Rejection.newBuilder()
                .setRunId(runId)
                .setPromptId(line.getPromptId())
                .setSlot(slot)
                .setSlotId(SlotId.of(line.getPromptId(), origin, slot))
                .setTerminal(true)
                .setStage(Stage.INTAKE)
                .setDetail(line.getDetail())
                .setSource(Rows.source(origin, null, null));
    }
}
