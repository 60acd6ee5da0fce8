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
import dev.precept.records.Setback;
import dev.precept.records.SlotRef;
import dev.precept.records.SlotState;
import dev.precept.records.Stage;
import dev.precept.records.UnusableLine;
import dev.precept.schemas.SlotId;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Admits prompts: a first asking opens slots, a re-sent one changes nothing, one from another origin is a duplicate.
 * Once a run is complete on the partition every source of it has been read whole, so whatever comes of it is re-sent,
 * and is known as that by the book alone.
 */
public final class Intake implements Step<PromptEvent> {
    private final int rowsAnEvent;

    /** @param rowsAnEvent of a closed run that one event may delete, so that its transaction stays small */
    public Intake(int rowsAnEvent) {
        this.rowsAnEvent = rowsAnEvent;
    }

    @Override
    public List<Emission> apply(LedgerStores stores, Event<PromptEvent> event) {
        String runId = event.value().getRunId();
        Object body = event.value().getBody();
        if (body instanceof EndMarker marker && marker.getCloses()) {
            ClosedRun.expire(stores, runId, rowsAnEvent);
            return List.of();
        }
        Entry entry = new Entry(stores, event, runId);
        switch (body) {
            case Prompt prompt -> admit(stores, entry, event.with(prompt), runId);
            case UnusableLine line -> bury(stores, entry, event.with(line), runId);
            case EndMarker marker -> entry.accounts().ended(marker);
            default ->
                throw new IllegalStateException(
                        "a prompt event holds " + body.getClass().getSimpleName());
        }
        return entry.close();
    }

    private static void admit(LedgerStores stores, Entry entry, Event<Prompt> event, String runId) {
        Prompt prompt = event.value();
        int slots = prompt.getAsking().getSamples();
        SortedMap<Integer, LedgerRow> known = known(stores, runId, prompt.getPromptId(), prompt.getOrigin(), slots);
        if (isReplay(entry, known, slots)) {
            return;
        }
        String origin = SlotId.originKey(prompt.getOrigin());
        String owner = stores.owners().putIfAbsent(SlotKey.owner(runId, prompt.getPromptId()), origin);
        for (int slot = 0; slot < slots; slot++) {
            LedgerRow row = known.containsKey(slot) ? known.get(slot) : opened(entry, event, known, slot);
            if (row.getState() != SlotState.ADMITTED) {
                continue;
            }
            if (owner != null && !owner.equals(origin)) {
                entry.reject(row, Reason.DUPLICATE_PROMPT, duplicate(stores, row, prompt, runId, slot));
            } else {
                ask(entry, row, prompt, ref(runId, prompt, slot));
            }
            entry.put(SlotKey.row(runId, prompt.getPromptId(), prompt.getOrigin(), slot), row);
        }
    }

    /** Asks for the row's attempt; a rebuilt row may have used its last one. */
    private static void ask(Entry entry, LedgerRow row, Prompt prompt, SlotRef ref) {
        entry.move(row, SlotState.CHECKING);
        Setback furthest = row.getFurthest();
        if (furthest != null && row.getAttempt() > prompt.getAsking().getAttempts()) {
            entry.reject(row, furthest.getReason(), Rows.obituary(ref, prompt, row, furthest));
        } else {
            entry.generate(ref, row, prompt, prompt.getAsking().getMaxTokens());
        }
    }

    private static SortedMap<Integer, LedgerRow> known(
            LedgerStores stores, String runId, String promptId, Origin origin, int slots) {
        SortedMap<Integer, LedgerRow> known = new TreeMap<>();
        for (int slot = 0; slot < slots; slot++) {
            LedgerRow row = stores.rows().get(SlotKey.row(runId, promptId, origin, slot));
            if (row != null) {
                known.put(slot, row);
            }
        }
        return known;
    }

    /**
     * Counts the asking. A replay finds all of its slots, or a complete run, of which the rows may be gone; only in a
     * rebuilt ledger some may be missing, or wait for their prompt in ADMITTED.
     */
    private static boolean isReplay(Entry entry, SortedMap<Integer, LedgerRow> known, int slots) {
        boolean allThere =
                known.size() == slots && known.values().stream().noneMatch(row -> row.getState() == SlotState.ADMITTED);
        boolean replay = allThere || entry.accounts().isComplete();
        if (replay) {
            entry.accounts().replayed();
        } else if (known.isEmpty()) {
            entry.accounts().promptRead();
        }
        return replay;
    }

    private static void bury(LedgerStores stores, Entry entry, Event<UnusableLine> event, String runId) {
        UnusableLine line = event.value();
        SortedMap<Integer, LedgerRow> known =
                known(stores, runId, line.getPromptId(), line.getOrigin(), line.getSlots());
        if (isReplay(entry, known, line.getSlots())) {
            return;
        }
        for (int slot = 0; slot < line.getSlots(); slot++) {
            if (known.containsKey(slot)) {
                continue;
            }
            LedgerRow row = opened(entry, event, known, slot);
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

    /** All slots of a prompt have the place of its first asking. */
    private static LedgerRow opened(Entry entry, Event<?> event, SortedMap<Integer, LedgerRow> known, int slot) {
        entry.accounts().admitted();
        Seq first = known.values().stream()
                .findFirst()
                .map(LedgerRow::getSeq)
                .orElseGet(() -> new Seq(event.offset(), event.partition(), slot));
        return LedgerRow.newBuilder()
                .setState(SlotState.ADMITTED)
                .setAttempt(1)
                .setTryNumber(1)
                .setSeq(new Seq(first.getOffset(), first.getPartition(), slot))
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
