package dev.precept.streams.ledger;

import dev.precept.records.Candidate;
import dev.precept.records.Completion;
import dev.precept.records.EndMarker;
import dev.precept.records.LedgerRow;
import dev.precept.records.Origin;
import dev.precept.records.PartitionProgress;
import dev.precept.records.RejectionEvent;
import dev.precept.records.SampleEvent;
import dev.precept.records.Seq;
import dev.precept.records.SlotRef;
import dev.precept.records.SlotState;
import dev.precept.records.Verdict;
import dev.precept.schemas.ContentId;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;

/**
 * The changes that one event makes to its run: the slots it opens, the counters, and the output records. A step creates
 * one, moves the slots and calls {@link #finish}; Kafka commits all of it with the offset of the event, or nothing.
 *
 * <p>A worker may publish an answer twice, late, or after its attempt has ended. An answer opens a slot only if the slot
 * waits for exactly that answer; any other is stale: it is counted and changes nothing. Not thread-safe.
 */
public final class LedgerTransaction {
    private final LedgerStores stores;
    private final Event<?> event;
    private final String runId;
    private final PartitionCounters counters;
    private final Map<String, LedgerRow> openRows = new LinkedHashMap<>();
    private final List<OutputRecord> outputRecords = new ArrayList<>();

    public LedgerTransaction(LedgerStores stores, Event<?> event, String runId) {
        this.stores = stores;
        this.event = event;
        this.runId = runId;
        PartitionProgress progress = stores.progress().get(runId);
        this.counters =
                progress == null ? PartitionCounters.empty(runId, event.partition()) : PartitionCounters.of(progress);
    }

    PartitionCounters counters() {
        return counters;
    }

    void emit(Topic<?> topic, String key, SpecificRecord value) {
        outputRecords.add(new OutputRecord(topic, key, value));
    }

    /** Counts a source of the run as read to its end on this partition. */
    public void endSource(EndMarker marker) {
        counters.countEndMarker(marker);
    }

    /**
     * Opens the slots of an input: new slots, and slots of a rebuilt ledger that are still ADMITTED.
     *
     * @return empty for a replay, which is counted. All slots of a replay have left ADMITTED, or the run is complete and
     *     their rows may have been deleted
     */
    public List<AdmittedSlot> admit(String promptId, Origin origin, int slots) {
        SortedMap<Integer, LedgerRow> known = knownRows(promptId, origin, slots);
        boolean allMoved =
                known.size() == slots && known.values().stream().noneMatch(row -> row.getState() == SlotState.ADMITTED);
        if (allMoved || counters.isComplete()) {
            counters.countReplayed();
            return List.of();
        }
        if (known.isEmpty()) {
            counters.countPromptRead();
        }
        // All slots of a prompt keep the coordinates of its first event.
        Seq first = known.isEmpty()
                ? new Seq(event.offset(), event.partition(), 0)
                : known.firstEntry().getValue().getSeq();
        List<AdmittedSlot> admitted = new ArrayList<>();
        for (int slot = 0; slot < slots; slot++) {
            LedgerRow row = known.containsKey(slot) ? known.get(slot) : newRow(first, slot);
            if (row.getState() == SlotState.ADMITTED) {
                SlotRef ref = new SlotRef(runId, promptId, origin, slot, row.getAttempt(), row.getTryNumber());
                openRows.put(SlotKey.row(ref), row);
                admitted.add(new AdmittedSlot(this, ref, row));
            }
        }
        return admitted;
    }

    private SortedMap<Integer, LedgerRow> knownRows(String promptId, Origin origin, int slots) {
        SortedMap<Integer, LedgerRow> known = new TreeMap<>();
        for (int slot = 0; slot < slots; slot++) {
            LedgerRow row = stores.rows().get(SlotKey.row(runId, promptId, origin, slot));
            if (row != null) {
                known.put(slot, row);
            }
        }
        return known;
    }

    private LedgerRow newRow(Seq first, int slot) {
        counters.countAdmitted();
        return LedgerRow.newBuilder()
                .setState(SlotState.ADMITTED)
                .setAttempt(1)
                .setTryNumber(1)
                .setSeq(new Seq(first.getOffset(), first.getPartition(), slot))
                .build();
    }

    /** Makes an origin the owner of a prompt unless the prompt has one; returns the owner. */
    public String claim(String promptId, String origin) {
        String owner = stores.owners().putIfAbsent(SlotKey.owner(runId, promptId), origin);
        return owner == null ? origin : owner;
    }

    /** Opens the slot that waits for this attempt and try; empty if the candidate is stale. */
    public Optional<AnsweredSlot> open(Candidate candidate) {
        SlotRef ref = candidate.getTask().getRef();
        LedgerRow row = stores.rows().get(SlotKey.row(ref));
        return row != null && waits(row, SlotState.GENERATING, ref)
                ? Optional.of(answered(new Attempt(candidate, List.of()), row))
                : stale();
    }

    /** Opens the slot that waits for a verdict on exactly these bytes; empty if the verdict is stale. */
    public Optional<AnsweredSlot> open(Verdict verdict) {
        Candidate candidate = verdict.getTask().getCandidate();
        SlotRef ref = candidate.getTask().getRef();
        LedgerRow row = stores.rows().get(SlotKey.row(ref));
        return row != null
                        && waits(row, SlotState.JUDGING, ref)
                        && candidate.getOutcome() instanceof Completion completion
                        && ContentId.ofCompletion(completion).equals(row.getCandidateSha256())
                ? Optional.of(answered(new Attempt(candidate, verdict.getVotes()), row))
                : stale();
    }

    private static boolean waits(LedgerRow row, SlotState state, SlotRef ref) {
        return row.getState() == state
                && row.getAttempt() == ref.getAttempt()
                && row.getTryNumber() == ref.getTryNumber();
    }

    private AnsweredSlot answered(Attempt attempt, LedgerRow row) {
        openRows.put(SlotKey.row(attempt.ref()), row);
        return new AnsweredSlot(this, attempt, row);
    }

    private Optional<AnsweredSlot> stale() {
        counters.countStale();
        return Optional.empty();
    }

    /**
     * Writes the rows of the opened slots and the progress to the stores.
     *
     * @return all output records, in order; the progress is the last
     */
    public List<OutputRecord> finish() {
        openRows.forEach(stores.rows()::put);
        if (counters.tryComplete()) {
            emit(Topics.SAMPLES, runId, new SampleEvent(runId, counters.completionMarker()));
            emit(Topics.REJECTIONS, runId, new RejectionEvent(runId, counters.completionMarker()));
        }
        PartitionProgress progress = counters.finish(event.time());
        stores.progress().put(runId, progress);
        emit(Topics.PROGRESS, SlotKey.progress(progress), progress);
        return outputRecords;
    }
}
