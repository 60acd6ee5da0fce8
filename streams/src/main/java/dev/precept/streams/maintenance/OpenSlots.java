package dev.precept.streams.maintenance;

import dev.precept.kafka.KafkaAccess;
import dev.precept.kafka.TopicReader;
import dev.precept.records.LedgerRow;
import dev.precept.records.SlotRef;
import dev.precept.records.SlotState;
import dev.precept.streams.AvroSerde;
import dev.precept.streams.Changelog;
import dev.precept.streams.ledger.LedgerStores;
import dev.precept.streams.ledger.SlotKey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;
import org.jspecify.annotations.Nullable;

/**
 * Reads the slots of a run that wait for an answer from the changelog of the ledger. A limited number is in memory at a
 * time: if there are more, they are read in several passes, each over one share of their hashes.
 */
final class OpenSlots {
    private final KafkaAccess kafka;
    private final String runId;
    private final int atMost;
    private final Deque<Share> left = new ArrayDeque<>();

    /** Share {@code number} of {@code of} equal shares of all slots. */
    private record Share(int number, int of) {
        boolean contains(SlotHash slot) {
            return slot.isIn(number, of);
        }
    }

    /**
     * The answer that a slot waits for.
     *
     * @param promptHash hash code of the prompt id, to skip most records of others
     * @param repair whether the row has what the attempt is to correct
     */
    record Awaited(
            int promptHash,
            SlotState state,
            int attempt,
            int tryNumber,
            int round,
            @Nullable String candidateSha256,
            boolean repair) {
        boolean isAnsweredBy(SlotState answered, SlotRef ref, int judgingRound) {
            return state == answered
                    && attempt == ref.getAttempt()
                    && tryNumber == ref.getTryNumber()
                    && (state == SlotState.GENERATING || round == judgingRound);
        }

        static @Nullable Awaited of(String rowKey, @Nullable LedgerRow row) {
            return row == null || (row.getState() != SlotState.GENERATING && row.getState() != SlotState.JUDGING)
                    ? null
                    : new Awaited(
                            SlotKey.promptId(rowKey).hashCode(),
                            row.getState(),
                            row.getAttempt(),
                            row.getTryNumber(),
                            row.getJudgingRound(),
                            row.getCandidateSha256(),
                            row.getRepair() != null);
        }
    }

    /** Receives a share of the open slots. */
    @FunctionalInterface
    interface ShareVisitor {
        void visit(Map<SlotHash, Awaited> slots);
    }

    /** @param atMost slots in memory */
    OpenSlots(KafkaAccess kafka, String runId, int atMost) {
        this.kafka = kafka;
        this.runId = runId;
        this.atMost = atMost;
        left.add(new Share(0, 1));
    }

    /** Passes the open slots to a consumer, once or in several shares; not at all if there are none. */
    void forEachShare(ShareVisitor visitor) throws InterruptedException {
        if (!Changelog.exists(kafka, Changelog.name(kafka, LedgerStores.ROWS))) {
            return; // the topology has never run
        }
        while (!left.isEmpty()) {
            Map<SlotHash, Awaited> slots = read(left.pop());
            if (!slots.isEmpty()) {
                visitor.visit(slots);
            }
        }
    }

    private Map<SlotHash, Awaited> read(Share first) {
        Map<SlotHash, Awaited> open = new HashMap<>();
        String changelog = Changelog.name(kafka, LedgerStores.ROWS);
        String prefix = SlotKey.runPrefix(runId);
        Share[] share = {first};
        try (Serde<LedgerRow> rows = AvroSerde.of(LedgerRow.class)) {
            TopicReader.scan(kafka, kafka.partitionsOf(changelog), record -> {
                if (!record.key().startsWith(prefix)) {
                    return;
                }
                SlotHash slot = SlotHash.of(record.key());
                if (!share[0].contains(slot)) {
                    return;
                }
                Awaited awaited = Awaited.of(
                        record.key(),
                        record.value() == null ? null : rows.deserializer().deserialize(changelog, record.value()));
                if (awaited == null) {
                    open.remove(slot);
                } else {
                    open.put(slot, awaited);
                }
                if (open.size() > atMost) {
                    share[0] = half(share[0]);
                    open.keySet().removeIf(key -> !share[0].contains(key));
                }
            });
        }
        return open;
    }

    /** One half of a share; the other half is read later. */
    private Share half(Share share) {
        left.push(new Share(share.number() + share.of(), 2 * share.of()));
        return new Share(share.number(), 2 * share.of());
    }
}
