package dev.precept.streams.ledger;

import dev.precept.records.LedgerRow;
import dev.precept.records.PartitionProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * A run that is complete on a partition. Its rows answer no question any more: a prompt of it is a replay because its
 * book says complete, and an answer to it is stale whether it meets an ended row or none. So its rows and owners may
 * go, and in any order; the book stays, and beside it a note of how many are gone.
 */
public final class ClosedRun {
    /** Rows that one event may delete. */
    public static final int ROWS_PER_EVENT = 5_000;

    private static final String GONE = "EXPIRED";

    private ClosedRun() {}

    /**
     * Rows of a run that a partition still holds and might let go.
     *
     * @param partitionProgress of the run; null where the partition does not know it
     * @param note found beside the book under {@link SlotKey#runPrefix}; null while no row is gone
     * @return 0 as well where the run is not complete, since nothing of it may go
     */
    public static long deletableRows(@Nullable PartitionProgress partitionProgress, @Nullable PartitionProgress note) {
        return partitionProgress == null || !partitionProgress.getComplete()
                ? 0
                : partitionProgress.getSlots() - deletedRows(note);
    }

    /** Deletes the next rows of a run, and who owns their prompts; nothing if the run is not complete. */
    public static void deleteRows(LedgerStores stores, String runId, int atMost) {
        PartitionProgress partitionProgress = stores.progress().get(runId);
        PartitionProgress note = stores.progress().get(SlotKey.runPrefix(runId));
        if (partitionProgress == null || deletableRows(partitionProgress, note) == 0) {
            return;
        }
        List<String> next = new ArrayList<>();
        boolean last;
        try (KeyValueIterator<String, LedgerRow> rows =
                stores.rows().prefixScan(SlotKey.runPrefix(runId), new StringSerializer())) {
            while (next.size() < atMost && rows.hasNext()) {
                next.add(rows.next().key);
            }
            last = !rows.hasNext();
        }
        for (String key : next) {
            stores.rows().delete(key);
            stores.owners().delete(SlotKey.owner(key));
        }
        // The store knows best when all are gone.
        recordDeleted(stores, partitionProgress, last ? partitionProgress.getSlots() : deletedRows(note) + next.size());
    }

    private static long deletedRows(@Nullable PartitionProgress note) {
        return note == null ? 0 : note.getSlots();
    }

    /** A book that balances, of the type that the store has, so that a version before passes over it. */
    private static void recordDeleted(LedgerStores stores, PartitionProgress partitionProgress, long gone) {
        PartitionProgress note = PartitionCounters.empty(partitionProgress.getRunId(), partitionProgress.getPartition())
                .progress();
        note.setSlots(gone);
        note.setInFlight(Map.of(GONE, gone));
        stores.progress().put(SlotKey.runPrefix(partitionProgress.getRunId()), note);
    }
}
