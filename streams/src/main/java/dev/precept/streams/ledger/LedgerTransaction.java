package dev.precept.streams.ledger;

import dev.precept.records.Candidate;
import dev.precept.records.CategoryLimit;
import dev.precept.records.EndMarker;
import dev.precept.records.LedgerRow;
import dev.precept.records.NeighbourAnswer;
import dev.precept.records.Origin;
import dev.precept.records.PartitionProgress;
import dev.precept.records.Prompt;
import dev.precept.records.RejectionEvent;
import dev.precept.records.SampleEvent;
import dev.precept.records.Seq;
import dev.precept.records.SlotRef;
import dev.precept.records.SlotState;
import dev.precept.records.Verdict;
import dev.precept.schemas.Topic;
import dev.precept.schemas.Topics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

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
    private final LedgerSearches searches;

    public LedgerTransaction(LedgerStores stores, Event<?> event, String runId) {
        this.stores = stores;
        this.event = event;
        this.runId = runId;
        this.searches = new LedgerSearches(this, stores, runId);
        PartitionProgress progress = stores.progress().get(runId);
        this.counters =
                progress == null ? PartitionCounters.empty(runId, event.partition()) : PartitionCounters.of(progress);
        counters.takeNamedSources().forEach(this::endSource);
    }

    PartitionCounters counters() {
        return counters;
    }

    void emit(Topic<?> topic, String key, SpecificRecord value) {
        outputRecords.add(new OutputRecord(topic, key, value));
    }

    /** Adds a record of the dataset: it stays on the partition of the event, as the completion marker does. */
    void emitRow(Topic<?> topic, String key, SpecificRecord value) {
        outputRecords.add(new OutputRecord(topic, key, value, event.partition()));
    }

    LedgerSearches searches() {
        return searches;
    }

    /** Sends the prompt of new slots to the search, if its run compares prompts; else requests their attempts. */
    public void check(Prompt prompt, List<AdmittedSlot> slots) {
        searches.check(prompt, slots);
    }

    /** Whether each category of a prompt is well over its share of its quota on this partition. */
    boolean isOverQuota(Prompt prompt) {
        List<CategoryLimit> limits = prompt.getLimits();
        return limits != null
                && limits.stream()
                        .allMatch(limit -> counters.acceptedOf(limit.getCategory()) >= limit.getMostOnPartition());
    }

    String describeQuotas(Prompt prompt) {
        return Objects.requireNonNullElse(prompt.getLimits(), List.<CategoryLimit>of()).stream()
                .map(limit -> String.format(
                        Locale.ROOT,
                        "%s has %d samples on this partition, enough for a quota of %d",
                        limit.getCategory(),
                        counters.acceptedOf(limit.getCategory()),
                        limit.getSamples()))
                .collect(Collectors.joining("; "));
    }

    /**
     * Opens the slots of a prompt that wait for the near-duplicate search.
     *
     * @return empty if other shards have not answered, and if nothing waits for the answer
     */
    public Optional<SearchedPrompt> openPrompt(NeighbourAnswer answer) {
        return searches.openPrompt(answer);
    }

    /** Opens the slot whose candidate or verdict waits for the search, as {@link #openPrompt}. */
    public Optional<SearchedSlot> openSearched(NeighbourAnswer answer) {
        return searches.openSearched(answer);
    }

    /** Opens the slots of the prompt that waits for an answer that cannot be decoded; empty if none does. */
    public Optional<SearchedPrompt> openPrompt(SearchKey key, String failure) {
        return searches.openPrompt(key, failure);
    }

    /** As {@link #openPrompt(SearchKey, String)}, for a slot whose candidate or verdict waits. */
    public Optional<SearchedSlot> openSearched(SearchKey key, String failure) {
        return searches.openSearched(key, failure);
    }

    /** The row of a slot, with the changes of this event; null if the ledger has none. */
    @Nullable
    LedgerRow row(String key) {
        LedgerRow open = openRows.get(key);
        return open == null ? stores.rows().get(key) : open;
    }

    void opened(String key, LedgerRow row) {
        openRows.put(key, row);
    }

    void emit(OutputRecord record) {
        outputRecords.add(record);
    }

    /** Counts a source of the run as read to its end on this partition; nothing if the run is complete on it. */
    public void endSource(EndMarker marker) {
        if (!counters.isComplete()) {
            counters.setSources(marker.getSources());
            endSource(marker.getSource());
        }
    }

    private void endSource(String source) {
        String key = SlotKey.endedSource(runId, source);
        if (stores.endedSources().get(key) == null) {
            stores.endedSources().put(key, "");
            counters.countEndedSource();
        }
    }

    /** Records how far intake has processed the prompts topic. The event must be of that topic. */
    public void recordPromptsOffset() {
        counters.recordPromptsOffset(event.offset());
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

    SortedMap<Integer, LedgerRow> knownRows(String promptId, Origin origin, int slots) {
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
        String key = SlotKey.owner(runId, promptId);
        String owner = stores.owners().get(key);
        if (owner != null) {
            return owner;
        }
        stores.owners().put(key, origin);
        return origin;
    }

    /** Opens the slot that waits for this attempt and try; empty if the candidate is stale. */
    public Optional<AnsweredSlot> open(Candidate candidate) {
        return opened(awaiting(SlotState.GENERATING, Attempt.of(candidate)));
    }

    /** Opens the slot that waits for a verdict of this round on exactly these bytes; empty if the verdict is stale. */
    public Optional<AnsweredSlot> open(Verdict verdict) {
        return opened(awaiting(verdict).filter(AnsweredSlot::isJudged));
    }

    /** Opens the slot that waits for a verdict, without a look at the completion, which deciding may have failed on. */
    public Optional<AnsweredSlot> openUnchecked(Verdict verdict) {
        return opened(awaiting(verdict));
    }

    private Optional<AnsweredSlot> awaiting(Verdict verdict) {
        int round = verdict.getTask().getRound();
        return awaiting(SlotState.JUDGING, Attempt.of(verdict)).filter(slot -> slot.row.getJudgingRound() == round);
    }

    private Optional<AnsweredSlot> awaiting(SlotState state, Attempt attempt) {
        LedgerRow row = stores.rows().get(SlotKey.row(attempt.ref()));
        return row != null && waits(row, state, attempt.ref())
                ? Optional.of(new AnsweredSlot(this, attempt, row))
                : Optional.empty();
    }

    static boolean waits(LedgerRow row, SlotState state, SlotRef ref) {
        return row.getState() == state
                && row.getAttempt() == ref.getAttempt()
                && row.getTryNumber() == ref.getTryNumber();
    }

    private Optional<AnsweredSlot> opened(Optional<AnsweredSlot> slot) {
        slot.ifPresentOrElse(open -> openRows.put(SlotKey.row(open.ref), open.row), counters::countStale);
        return slot;
    }

    /**
     * Writes the rows of the opened slots and the progress to the stores. The progress is published with the commit.
     *
     * @throws UnbalancedProgressException if the counts do not balance: a bug
     * @return all output records, in order
     */
    public List<OutputRecord> finish() {
        searches.withdrawEnded();
        openRows.forEach(stores.rows()::put);
        if (counters.tryComplete()) {
            emitRow(Topics.SAMPLES, runId, new SampleEvent(runId, counters.completionMarker()));
            emitRow(Topics.REJECTIONS, runId, new RejectionEvent(runId, counters.completionMarker()));
        }
        PartitionProgress progress = counters.finish(event.time());
        stores.progress().put(runId, progress);
        return outputRecords;
    }
}
