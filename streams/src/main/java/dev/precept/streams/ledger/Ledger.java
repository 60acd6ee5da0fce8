package dev.precept.streams.ledger;

import dev.precept.records.Candidate;
import dev.precept.records.Completion;
import dev.precept.records.JudgingTask;
import dev.precept.records.LedgerRow;
import dev.precept.records.Prompt;
import dev.precept.records.SampleEvent;
import dev.precept.records.SlotRef;
import dev.precept.records.SlotState;
import dev.precept.schemas.ContentId;
import dev.precept.schemas.Topics;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * Takes what workers publish. A worker may say a thing twice, late, or after its attempt is over; only what answers the
 * row's open question moves the slot, anything else is stale, counted, and changes nothing.
 */
public final class Ledger {
    private Ledger() {}

    /** Enters a candidate if the row waits for exactly this slot, attempt and try. */
    public static List<OutputRecord> onCandidate(
            LedgerStores stores, Event<Candidate> event, BiConsumer<OpenSlot, LedgerRow> step) {
        SlotRef ref = event.value().getTask().getRef();
        return onAnswer(stores, event, ref, SlotState.GENERATING, row -> true, step);
    }

    /** Enters a verdict if the row waits for it, and it was given on the very bytes the ledger saw. */
    public static List<OutputRecord> onVerdict(
            LedgerStores stores, Event<?> event, Candidate judged, BiConsumer<OpenSlot, LedgerRow> step) {
        return onAnswer(
                stores,
                event,
                judged.getTask().getRef(),
                SlotState.JUDGING,
                row -> judged.getOutcome() instanceof Completion completion
                        && Objects.equals(row.getCandidateSha256(), ContentId.ofCompletion(completion)),
                step);
    }

    private static List<OutputRecord> onAnswer(
            LedgerStores stores,
            Event<?> event,
            SlotRef ref,
            SlotState awaited,
            java.util.function.Predicate<LedgerRow> sameBytes,
            BiConsumer<OpenSlot, LedgerRow> step) {
        OpenSlot openSlot = new OpenSlot(stores, event, ref.getRunId());
        String key = SlotKey.row(ref);
        LedgerRow row = stores.rows().get(key);
        boolean legal = row != null
                && row.getState() == awaited
                && row.getAttempt() == ref.getAttempt()
                && row.getTryNumber() == ref.getTryNumber()
                && sameBytes.test(row);
        if (legal) {
            step.accept(openSlot, row);
            openSlot.put(key, row);
        } else {
            openSlot.counters().countStale();
        }
        return openSlot.close();
    }

    /** The one larger try of an attempt whose completion was cut at its token limit. */
    public static void retryWithLargerLimit(OpenSlot openSlot, LedgerRow row, Candidate cut) {
        row.setTryNumber(row.getTryNumber() + 1);
        openSlot.requestGeneration(
                cut.getTask().getRef(),
                row,
                cut.getTask().getPrompt(),
                2 * cut.getTask().getMaxTokens());
    }

    /** Sends a candidate to the judges and remembers its bytes. */
    public static void requestJudging(OpenSlot openSlot, LedgerRow row, Candidate candidate, Completion completion) {
        openSlot.move(row, SlotState.JUDGING);
        row.setCandidateSha256(ContentId.ofCompletion(completion));
        Prompt prompt = candidate.getTask().getPrompt();
        openSlot.emit(Topics.JUDGING_TASKS, prompt.getPromptId(), new JudgingTask(candidate));
    }

    /** Keeps an attempt: the end every slot hopes for. */
    public static void accept(OpenSlot openSlot, LedgerRow row, Attempt attempt) {
        Completion completion = Objects.requireNonNull(attempt.completion(), "only a completion is kept");
        openSlot.move(row, SlotState.ACCEPTED);
        openSlot.counters().countAccepted();
        SlotRef ref = attempt.task().getRef();
        openSlot.emit(
                Topics.SAMPLES, ref.getPromptId(), new SampleEvent(ref.getRunId(), attempt.sample(row, completion)));
    }
}
