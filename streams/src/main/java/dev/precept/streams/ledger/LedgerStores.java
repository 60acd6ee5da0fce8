package dev.precept.streams.ledger;

import dev.precept.records.LedgerRow;
import dev.precept.records.PartitionProgress;
import dev.precept.records.PendingSearch;

/**
 * The ledger's state on one partition.
 *
 * @param rows by run, prompt, slot and origin
 * @param owners the origin that owns a prompt of a run
 * @param progress by run
 * @param endedSources a key for each source of a run that has ended; see {@link SlotKey#endedSource}
 * @param pending what waits for the near-duplicate search; see {@link PendingSearches}
 */
public record LedgerStores(
        LedgerStore<LedgerRow> rows,
        LedgerStore<String> owners,
        LedgerStore<PartitionProgress> progress,
        LedgerStore<String> endedSources,
        LedgerStore<PendingSearch> pending) {
    public static final String ROWS = "ledger";
    public static final String OWNERS = "prompt-owners";
    public static final String PROGRESS = "progress";
    public static final String ENDED_SOURCES = "ended-sources";
    public static final String PENDING = "pending-searches";
}
