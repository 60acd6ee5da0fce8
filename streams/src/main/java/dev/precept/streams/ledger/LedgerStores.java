package dev.precept.streams.ledger;

import dev.precept.records.LedgerRow;
import dev.precept.records.PartitionProgress;

/**
 * The ledger's state on one partition.
 *
 * @param rows by run, prompt, slot and origin
 * @param owners the origin that owns a prompt of a run
 * @param progress by run
 */
public record LedgerStores(
        LedgerStore<LedgerRow> rows, LedgerStore<String> owners, LedgerStore<PartitionProgress> progress) {
    public static final String ROWS = "ledger";
    public static final String OWNERS = "prompt-owners";
    public static final String PROGRESS = "progress";
}
