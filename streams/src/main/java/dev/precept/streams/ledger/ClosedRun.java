package dev.precept.streams.ledger;

import dev.precept.records.PartitionProgress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Deletes the rows of a run that is complete on a partition. They are not needed any more: a prompt of the run is a replay
 * because the progress is complete, and an answer is stale with a terminal row as without one. Rows and owners may be
 * deleted in any order; the progress stays, with a note beside it of how many rows are deleted.
 */
public final class ClosedRun {
    /** Rows that one event deletes at most. */
    public static final int ROWS_PER_EVENT = 5_000;

    private static final String EXPIRED = "EXPIRED";

    private ClosedRun() {}

    /**
     * Rows of a run that a partition still holds and may delete.
     *
     * @param partitionProgress of the run; null if the partition has no events of it
     * @param note the progress stored under {@link SlotKey#runPrefix}; null while no row is deleted
     * @return 0 if the run is not complete
     */
    public static long deletableRows(@Nullable PartitionProgress partitionProgress, @Nullable PartitionProgress note) {
        return partitionProgress == null || !partitionProgress.getComplete()
                ? 0
                : partitionProgress.getSlots() - deletedRows(note);
    }

    /** Deletes the next rows of a run and the owners of their prompts; nothing if the run is not complete. */
    public static void deleteRows(LedgerStores stores, String runId, int atMost) {
        PartitionProgress partitionProgress = stores.progress().get(runId);
        PartitionProgress note = stores.progress().get(SlotKey.runPrefix(runId));
        if (partitionProgress == null || deletableRows(partitionProgress, note) == 0) {
            return;
        }
        List<String> keys = stores.rows().keys(SlotKey.runPrefix(runId), atMost + 1);
        boolean last = keys.size() <= atMost;
        List<String> next = last ? keys : keys.subList(0, atMost);
        for (String key : next) {
            stores.rows().delete(key);
            stores.owners().delete(SlotKey.owner(key));
        }
        if (last) {
            deleteEndedSources(stores, runId);
            stores.pending().keys(SlotKey.runPrefix(runId), Integer.MAX_VALUE).forEach(stores.pending()::delete);
        }
        // The end of the scan is exact, whatever the note counted.
        recordDeleted(stores, partitionProgress, last ? partitionProgress.getSlots() : deletedRows(note) + next.size());
    }

    private static void deleteEndedSources(LedgerStores stores, String runId) {
        stores.endedSources().keys(SlotKey.runPrefix(runId), Integer.MAX_VALUE).forEach(stores.endedSources()::delete);
    }

    private static long deletedRows(@Nullable PartitionProgress note) {
        return note == null ? 0 : note.getSlots();
    }

    /** The note has the type of the store and balances, so that an earlier version ignores it. */
    private static void recordDeleted(LedgerStores stores, PartitionProgress partitionProgress, long deleted) {
        PartitionProgress note = PartitionCounters.empty(partitionProgress.getRunId(), partitionProgress.getPartition())
                .progress();
        note.setSlots(deleted);
        note.setInFlight(Map.of(EXPIRED, deleted));
        stores.progress().put(SlotKey.runPrefix(partitionProgress.getRunId()), note);
    }
}
