package dev.precept.streams.ledger;

import dev.precept.records.AttemptFailure;
import dev.precept.records.GenerationTask;
import dev.precept.records.InvalidReason;
import dev.precept.records.LedgerRow;
import dev.precept.records.PartitionProgress;
import dev.precept.records.Prompt;
import dev.precept.records.Reason;
import dev.precept.records.Rejection;
import dev.precept.records.RejectionEvent;
import dev.precept.records.SampleEvent;
import dev.precept.records.SlotRef;
import dev.precept.records.SlotState;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/**
 * What one event changes: rows, the book, and the records that follow from it. Everything is written in the transaction
 * of the event, or not at all.
 */
public final class OpenSlot {
    private final LedgerStores stores;
    private final Event<?> event;
    private final String runId;
    private final PartitionCounters counters;
    private final List<OutputRecord> outputRecords = new ArrayList<>();

    public OpenSlot(LedgerStores stores, Event<?> event, String runId) {
        this.stores = stores;
        this.event = event;
        this.runId = runId;
        PartitionProgress partitionProgress = stores.progress().get(runId);
        this.counters = partitionProgress == null
                ? PartitionCounters.empty(runId, event.partition())
                : PartitionCounters.of(partitionProgress);
    }

    public PartitionCounters counters() {
        return counters;
    }

    void emit(Topic<?> topic, String key, SpecificRecord value) {
        outputRecords.add(new OutputRecord(topic, key, value));
    }

    /** Moves a slot along, one legal step. */
    public void move(LedgerRow row, SlotState to) {
        counters.countTransition(row.getState(), to);
        row.setState(to);
    }

    public void put(String key, LedgerRow row) {
        stores.rows().put(key, row);
    }

    /** Ends a slot as rejected, with the record that the books count. */
    public void reject(LedgerRow row, Reason reason, Rejection terminal) {
        move(row, SlotState.REJECTED);
        counters.countRejected(reason);
        emitRejection(terminal);
    }

    public void markInvalid(LedgerRow row, InvalidReason invalidReason, Rejection terminal) {
        move(row, SlotState.INVALID);
        counters.countInvalid(invalidReason);
        emitRejection(terminal);
    }

    void emitRejection(Rejection rejection) {
        emit(
                Topics.REJECTIONS,
                rejection.getPromptId(),
                RejectionEvent.newBuilder().setRunId(runId).setBody(rejection).build());
    }

    /** Asks for a completion of the row's attempt and try. */
    public void requestGeneration(SlotRef ref, LedgerRow row, Prompt prompt, int maxTokens) {
        move(row, SlotState.GENERATING);
        SlotRef now = SlotRef.newBuilder(ref)
                .setAttempt(row.getAttempt())
                .setTryNumber(row.getTryNumber())
                .build();
        emit(
                Topics.GENERATION_TASKS,
                ref.getPromptId(),
                GenerationTask.newBuilder()
                        .setRef(now)
                        .setPrompt(prompt)
                        .setMaxTokens(maxTokens)
                        .build());
    }

    /**
     * An attempt fell. It is recorded; then the slot gets its next attempt, or ends with the reason of the attempt that
     * got furthest.
     */
    public void failAttempt(Attempt attempt, LedgerRow row, AttemptFailure attemptFailure) {
        emitRejection(attempt.rejection(row, attemptFailure, false));
        AttemptFailure furthest = FailureRanking.further(row.getFurthest(), attemptFailure);
        row.setFurthest(furthest);
        Prompt prompt = attempt.task().getPrompt();
        if (row.getAttempt() < prompt.getRunParameters().getAttempts() && FailureRanking.isRetryable(attemptFailure)) {
            row.setAttempt(row.getAttempt() + 1);
            row.setTryNumber(1);
            row.setCandidateSha256(null);
            requestGeneration(
                    attempt.task().getRef(),
                    row,
                    prompt,
                    prompt.getRunParameters().getMaxTokens());
        } else {
            reject(row, furthest.getReason(), attempt.terminalRejection(row, furthest));
        }
    }

    /** Closes the entry: the book is written and published with everything else. */
    public List<OutputRecord> close() {
        if (counters.tryComplete()) {
            emit(Topics.SAMPLES, runId, new SampleEvent(runId, counters.completionMarker()));
            emit(Topics.REJECTIONS, runId, new RejectionEvent(runId, counters.completionMarker()));
        }
        PartitionProgress partitionProgress = counters.finish(event.time());
        stores.progress().put(runId, partitionProgress);
        emit(Topics.PROGRESS, SlotKey.progress(partitionProgress), partitionProgress);
        return outputRecords;
    }
}
