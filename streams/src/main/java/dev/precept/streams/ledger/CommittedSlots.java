package dev.precept.streams.ledger;

import dev.precept.config.ConfigurationException;
import dev.precept.records.AttemptFailure;
import dev.precept.records.Dedup;
import dev.precept.records.InvalidReason;
import dev.precept.records.LedgerRow;
import dev.precept.records.Origin;
import dev.precept.records.Outcome;
import dev.precept.records.PartitionProgress;
import dev.precept.records.Reason;
import dev.precept.records.Rejection;
import dev.precept.records.RunParameters;
import dev.precept.records.Sample;
import dev.precept.records.Seq;
import dev.precept.records.SlotState;
import dev.precept.records.Source;
import dev.precept.records.Stage;
import dev.precept.schemas.FindingKinds;
import dev.precept.schemas.SlotId;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Rebuilds the ledger of one run on one partition from the committed rows of the dataset, after Kafka is lost. A slot with
 * a terminal row has ended. Any other slot has used its committed attempts: it continues with the next one, or ends with
 * its recorded reason if none is left, so that no attempt gets two rows. Not thread-safe.
 */
public final class CommittedSlots {
    /** The legal transitions from ADMITTED to a sample. */
    private static final List<SlotState> ACCEPTED_PATH = List.of(
            SlotState.CHECKING,
            SlotState.GENERATING,
            SlotState.SCREENING,
            SlotState.JUDGING,
            SlotState.CURATING,
            SlotState.ACCEPTED);

    /** Reasons of complete completions that were not judged. */
    private static final Set<Reason> OF_THE_SCREENS =
            Set.of(Reason.CONTEXT_LEAK, Reason.NO_CITATION, Reason.FALSE_CITATION, Reason.PERSONAL_DATA);

    /** Reasons of intake for which the prompt has an owner. */
    private static final Set<Reason> OF_OWNED_PROMPTS =
            EnumSet.of(Reason.NEAR_DUPLICATE_PROMPT, Reason.CONTAMINATED, Reason.OVER_QUOTA, Reason.PERSONAL_DATA);

    private final String runId;
    private final int partition;
    private final int attempts;
    /** Null if the run repairs nothing. */
    private final @Nullable RunParameters repairing;

    private final Map<String, Slot> slots = new HashMap<>();
    private final Map<String, String> owners = new HashMap<>();
    private final Set<String> prompts = new HashSet<>();
    private final Map<String, Long> findings = new HashMap<>();
    private final Map<String, Long> acceptedFindings = new HashMap<>();
    private Instant newest = Instant.EPOCH;
    private long lostAttempts;
    private long repairs;
    private long acceptedRepairs;

    /**
     * For a run that repairs nothing.
     *
     * @param attempts the number of attempts that the run allows per slot
     */
    public CommittedSlots(String runId, int partition, int attempts) {
        this(runId, partition, attempts, null);
    }

    public CommittedSlots(String runId, int partition, RunParameters parameters) {
        this(runId, partition, parameters.getAttempts(), parameters.getRepair() ? parameters : null);
    }

    private CommittedSlots(String runId, int partition, int attempts, @Nullable RunParameters repairing) {
        this.runId = runId;
        this.partition = partition;
        this.attempts = attempts;
        this.repairing = repairing;
    }

    private static final class Slot {
        private final LedgerRow row;
        /** The newest failed attempt; 0 while there is none. */
        private int failed;

        private int failures;
        private boolean retryable = true;
        private Consumer<PartitionCounters> ending = partitionCounters -> {};

        Slot(LedgerRow row) {
            this.row = row;
        }
    }

    /**
     * Adds a committed sample.
     *
     * @throws ConfigurationException if its slot has already ended
     */
    public void addSample(Sample sample) {
        Slot slot = slot(sample.getPromptId(), sample.getSource(), sample.getSlot(), sample.getDedup(), true);
        closeSlot(
                slot,
                SlotState.ACCEPTED,
                "of sample " + sample.getSampleId(),
                counters -> counters.countAccepted(sample.getCategory()));
        slot.row.setAttempt(sample.getAttempt());
        Set<String> kinds = FindingKinds.of(sample.getFindings(), sample.getCitedClauses());
        count(kinds, findings);
        count(kinds, acceptedFindings);
        if (sample.getRepaired()) {
            repairs++;
            acceptedRepairs++;
        }
        trackNewest(sample.getCreatedAt());
    }

    /**
     * Adds a committed rejection. Rejections of one slot must be added in the order of their chain.
     *
     * @throws ConfigurationException if its slot has already ended, or its attempt is already present
     */
    public void addRejection(Rejection row) {
        Slot slot = slot(
                row.getPromptId(),
                row.getSource(),
                row.getSlot(),
                row.getDedup(),
                row.getStage() != Stage.INTAKE || OF_OWNED_PROMPTS.contains(row.getReason()));
        if (!row.getTerminal()) {
            addFailedAttempt(slot, row);
        } else if (row.getOutcome() == Outcome.INVALID) {
            InvalidReason invalidReason =
                    Objects.requireNonNull(row.getInvalidReason(), "an invalid slot has a reason");
            closeSlot(
                    slot,
                    SlotState.INVALID,
                    "of slot " + row.getSlotId(),
                    partitionCounters -> partitionCounters.countInvalid(invalidReason));
        } else {
            Reason reason = Objects.requireNonNull(row.getReason(), "a rejected slot has a reason");
            closeSlot(
                    slot,
                    SlotState.REJECTED,
                    "of slot " + row.getSlotId(),
                    partitionCounters -> partitionCounters.countRejected(reason));
        }
        trackNewest(row.getCreatedAt());
    }

    private void addFailedAttempt(Slot slot, Rejection row) {
        int attempt = Objects.requireNonNull(row.getAttempt(), "a failed attempt has a number");
        if (attempt <= slot.failed) {
            throw committedTwice("attempt " + attempt + " at slot " + row.getSlotId());
        }
        AttemptFailure attemptFailure = new AttemptFailure(
                Objects.requireNonNull(row.getReason(), "a failed attempt has a reason"),
                row.getStage(),
                attempt,
                row.getDetail(),
                row.getDedup() == null ? null : row.getDedup().getNear());
        if (attemptFailure.getStage() == Stage.JUDGING
                || attemptFailure.getStage() == Stage.CURATION
                || OF_THE_SCREENS.contains(attemptFailure.getReason())) {
            count(
                    FindingKinds.of(
                            row.getFindings(), row.getCitedClauses() == null ? List.of() : row.getCitedClauses()),
                    findings);
        }
        slot.failed = attempt;
        slot.failures++;
        slot.retryable = row.getRepaired()
                ? FailureRanking.isRetryableRepair(attemptFailure)
                : FailureRanking.isRetryable(attemptFailure);
        addRepair(slot, row);
        slot.row.setFurthest(FailureRanking.further(slot.row.getFurthest(), attemptFailure));
    }

    /** The next attempt of a slot that is still open repairs its last one, as it would have before. */
    private void addRepair(Slot slot, Rejection row) {
        if (row.getRepaired()) {
            repairs++;
            slot.row.setRepaired(true);
        }
        boolean repairable = row.getReason() == Reason.LOW_SCORE
                && !slot.row.getRepaired()
                && !Transitions.isTerminal(slot.row.getState());
        slot.row.setRepair(
                repairing != null && repairable ? Repairs.of(row, repairing).orElse(null) : null);
    }

    private static void count(Set<String> kinds, Map<String, Long> counts) {
        kinds.forEach(kind -> counts.merge(kind, 1L, Long::sum));
    }

    private void closeSlot(Slot slot, SlotState state, String name, Consumer<PartitionCounters> ending) {
        if (Transitions.isTerminal(slot.row.getState())) {
            throw committedTwice("the end " + name);
        }
        slot.row.setState(state);
        slot.row.setRepair(null);
        slot.ending = ending;
    }

    private ConfigurationException committedTwice(String what) {
        return new ConfigurationException("run " + runId + ": " + what
                + " is committed twice, so the dataset cannot be trusted; see 'precept verify'");
    }

    private Slot slot(String promptId, Source source, int slot, @Nullable Dedup dedup, boolean owns) {
        Origin origin = new Origin(source.getUri(), source.getId(), source.getLine());
        String originKey = SlotId.originKey(origin);
        prompts.add(promptId + "|" + originKey);
        if (owns) {
            owners.put(SlotKey.owner(runId, promptId), originKey);
        }
        return slots.computeIfAbsent(
                SlotKey.row(runId, promptId, origin, slot),
                key -> new Slot(LedgerRow.newBuilder()
                        .setState(SlotState.ADMITTED)
                        .setAttempt(1)
                        .setTryNumber(1)
                        .setSeq(dedup == null ? new Seq(0L, partition, slot) : dedup.getSeq())
                        .build()));
    }

    private void trackNewest(@Nullable Instant created) {
        newest = created != null && created.isAfter(newest) ? created : newest;
    }

    /**
     * Builds the ledger from the added rows. Call it once, after the last row.
     *
     * @throws IllegalStateException if the counts do not balance: a bug
     */
    public RebuiltLedger rebuild() {
        PartitionCounters partitionCounters = PartitionCounters.empty(runId, partition);
        prompts.forEach(prompt -> partitionCounters.countPromptRead());
        Map<String, LedgerRow> rows = new HashMap<>();
        slots.forEach((key, slot) -> {
            countSlot(partitionCounters, slot);
            rows.put(key, slot.row);
        });
        PartitionProgress partitionProgress = partitionCounters.finish(newest);
        partitionProgress.setFindings(findings);
        partitionProgress.setAcceptedFindings(acceptedFindings);
        partitionProgress.setRepairs(repairs);
        partitionProgress.setAcceptedRepairs(acceptedRepairs);
        return new RebuiltLedger(runId, partition, rows, owners, partitionProgress, lostAttempts);
    }

    private void countSlot(PartitionCounters partitionCounters, Slot slot) {
        partitionCounters.countAdmitted();
        switch (slot.row.getState()) {
            case ACCEPTED -> {
                SlotState from = SlotState.ADMITTED;
                for (SlotState to : ACCEPTED_PATH) {
                    partitionCounters.countTransition(from, to);
                    from = to;
                }
                lostAttempts += slot.row.getAttempt() - 1 - slot.failures;
            }
            case REJECTED, INVALID -> partitionCounters.countTransition(SlotState.ADMITTED, slot.row.getState());
            case ADMITTED, CHECKING, GENERATING, SCREENING, JUDGING, CURATING ->
                slot.row.setAttempt(slot.retryable ? slot.failed + 1 : attempts + 1);
        }
        slot.ending.accept(partitionCounters);
    }
}
