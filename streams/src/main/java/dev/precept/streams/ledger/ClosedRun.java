package dev.precept.streams.ledger;

import dev.precept.records.Book;
import dev.precept.records.LedgerRow;
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
     * @param book of the run; null where the partition does not know it
     * @param note found beside the book under {@link SlotKey#runPrefix}; null while no row is gone
     * @return 0 as well where the run is not complete, since nothing of it may go
     */
    public static long deletableRows(@Nullable Book book, @Nullable Book note) {
        return book == null || !book.getComplete() ? 0 : book.getSlots() - deletedRows(note);
    }

    /** Deletes the next rows of a run, and who owns their prompts; nothing if the run is not complete. */
    static void deleteRows(LedgerStores stores, String runId, int atMost) {
        Book book = stores.progress().get(runId);
        Book note = stores.progress().get(SlotKey.runPrefix(runId));
        if (book == null || deletableRows(book, note) == 0) {
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
        recordDeleted(stores, book, last ? book.getSlots() : deletedRows(note) + next.size());
    }

    private static long deletedRows(@Nullable Book note) {
        return note == null ? 0 : note.getSlots();
    }

    /** A book that balances, of the type that the store has, so that a version before passes over it. */
    private static void recordDeleted(LedgerStores stores, Book book, long gone) {
        Book note =
                PartitionCounters.empty(book.getRunId(), book.getPartition()).progress();
        note.setSlots(gone);
        note.setInFlight(Map.of(GONE, gone));
        stores.progress().put(SlotKey.runPrefix(book.getRunId()), note);
    }
}
