package dev.precept.streams.step;

import dev.precept.records.AttemptFailure;
import dev.precept.records.EndMarker;
import dev.precept.records.InputFault;
import dev.precept.records.InvalidReason;
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
import dev.precept.streams.ledger.ClosedRun;
import dev.precept.streams.ledger.Event;
import dev.precept.streams.ledger.LedgerStores;
import dev.precept.streams.ledger.OpenSlot;
import dev.precept.streams.ledger.OutputRecord;
import dev.precept.streams.ledger.RowBuilders;
import dev.precept.streams.ledger.SlotKey;
import dev.precept.streams.ledger.Step;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Admits prompts: a first asking opens slots, a re-sent one changes nothing, one from another origin is a duplicate.
 * Once a run is complete on the partition every source of it has been read whole, so whatever comes of it is re-sent,
 * and is known as that by the book alone.
 */
public final class Intake implements Step<PromptEvent> {
    private final int rowsPerEvent;

    /** @param rowsAnEvent of a closed run that one event may delete, so that its transaction stays small */
    public Intake(int rowsAnEvent) {
        this.rowsPerEvent = rowsAnEvent;
    }

    @Override
    public List<OutputRecord> apply(LedgerStores stores, Event<PromptEvent> event) {
        String runId = event.value().getRunId();
        Object body = event.value().getBody();
        if (body instanceof EndMarker marker && marker.getCloses()) {
            ClosedRun.deleteRows(stores, runId, rowsPerEvent);
            return List.of();
        }
        OpenSlot openSlot = new OpenSlot(stores, event, runId);
        switch (body) {
            case Prompt prompt -> admit(stores, openSlot, event.with(prompt), runId);
            case UnusableLine line -> rejectInvalid(stores, openSlot, event.with(line), runId);
            case EndMarker marker -> openSlot.counters().countEndMarker(marker);
            default ->
                throw new IllegalStateException(
                        "a prompt event holds " + body.getClass().getSimpleName());
        }
        return openSlot.close();
    }

    private static void admit(LedgerStores stores, OpenSlot openSlot, Event<Prompt> event, String runId) {
        Prompt prompt = event.value();
        int slots = prompt.getRunParameters().getSamples();
        SortedMap<Integer, LedgerRow> known = knownRows(stores, runId, prompt.getPromptId(), prompt.getOrigin(), slots);
        if (countAsReplay(openSlot, known, slots)) {
            return;
        }
        String origin = SlotId.originKey(prompt.getOrigin());
        String owner = stores.owners().putIfAbsent(SlotKey.owner(runId, prompt.getPromptId()), origin);
        for (int slot = 0; slot < slots; slot++) {
            LedgerRow row = known.containsKey(slot) ? known.get(slot) : openSlot(openSlot, event, known, slot);
            if (row.getState() != SlotState.ADMITTED) {
                continue;
            }
            if (owner != null && !owner.equals(origin)) {
                openSlot.reject(row, Reason.DUPLICATE_PROMPT, duplicateRejection(stores, row, prompt, runId, slot));
            } else {
                requestAttempt(openSlot, row, prompt, ref(runId, prompt, slot));
            }
            openSlot.put(SlotKey.row(runId, prompt.getPromptId(), prompt.getOrigin(), slot), row);
        }
    }

    /** Asks for the row's attempt; a rebuilt row may have used its last one. */
    private static void requestAttempt(OpenSlot openSlot, LedgerRow row, Prompt prompt, SlotRef ref) {
        openSlot.move(row, SlotState.CHECKING);
        AttemptFailure furthest = row.getFurthest();
        if (furthest != null && row.getAttempt() > prompt.getRunParameters().getAttempts()) {
            openSlot.reject(row, furthest.getReason(), RowBuilders.terminalRejection(ref, prompt, row, furthest));
        } else {
            openSlot.requestGeneration(
                    ref, row, prompt, prompt.getRunParameters().getMaxTokens());
        }
    }

    private static SortedMap<Integer, LedgerRow> knownRows(
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
    private static boolean countAsReplay(OpenSlot openSlot, SortedMap<Integer, LedgerRow> known, int slots) {
        boolean allThere =
                known.size() == slots && known.values().stream().noneMatch(row -> row.getState() == SlotState.ADMITTED);
        boolean replay = allThere || openSlot.counters().isComplete();
        if (replay) {
            openSlot.counters().countReplayed();
        } else if (known.isEmpty()) {
            openSlot.counters().countPromptRead();
        }
        return replay;
    }

    private static void rejectInvalid(LedgerStores stores, OpenSlot openSlot, Event<UnusableLine> event, String runId) {
        UnusableLine line = event.value();
        SortedMap<Integer, LedgerRow> known =
                knownRows(stores, runId, line.getPromptId(), line.getOrigin(), line.getSlots());
        if (countAsReplay(openSlot, known, line.getSlots())) {
            return;
        }
        for (int slot = 0; slot < line.getSlots(); slot++) {
            if (known.containsKey(slot)) {
                continue;
            }
            LedgerRow row = openSlot(openSlot, event, known, slot);
            Rejection.Builder obituary = terminalRejection(line, runId, slot);
            switch (line.getFault()) {
                case TOO_LARGE ->
                    openSlot.reject(
                            row,
                            Reason.TOO_LARGE,
                            obituary.setOutcome(Outcome.REJECTED)
                                    .setReason(Reason.TOO_LARGE)
                                    .build());
                case UNREADABLE, UNKNOWN_CATEGORY -> {
                    InvalidReason invalidReason = line.getFault() == InputFault.UNREADABLE
                            ? InvalidReason.UNREADABLE
                            : InvalidReason.UNKNOWN_CATEGORY;
                    openSlot.markInvalid(
                            row,
                            invalidReason,
                            obituary.setOutcome(Outcome.INVALID)
                                    .setInvalidReason(invalidReason)
                                    .build());
                }
            }
            openSlot.put(SlotKey.row(runId, line.getPromptId(), line.getOrigin(), slot), row);
        }
    }

    /** All slots of a prompt have the place of its first asking. */
    private static LedgerRow openSlot(
            OpenSlot openSlot, Event<?> event, SortedMap<Integer, LedgerRow> known, int slot) {
        openSlot.counters().countAdmitted();
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

    private static Rejection duplicateRejection(
            LedgerStores stores, LedgerRow row, Prompt prompt, String runId, int slot) {
        String slotId = SlotId.of(prompt.getPromptId(), prompt.getOrigin(), slot);
        return RowBuilders.rejection(runId, prompt, slot, slotId, row.getSeq())
                .setOutcome(Outcome.REJECTED)
                .setReason(Reason.DUPLICATE_PROMPT)
                .setTerminal(true)
                .setStage(Stage.INTAKE)
                .setDetail("the same conversation was asked from "
                        + stores.owners().get(SlotKey.owner(runId, prompt.getPromptId())))
                .build();
    }

    private static Rejection.Builder terminalRejection(UnusableLine line, String runId, int slot) {
        Origin origin = line.getOrigin();
        return Rejection.newBuilder()
                .setRunId(runId)
                .setPromptId(line.getPromptId())
                .setSlot(slot)
                .setSlotId(SlotId.of(line.getPromptId(), origin, slot))
                .setTerminal(true)
                .setStage(Stage.INTAKE)
                .setDetail(line.getDetail())
                .setSource(RowBuilders.source(origin, null, null));
    }
}
