package dev.precept.streams.ledger;

import dev.precept.records.LedgerRow;
import dev.precept.records.PartitionProgress;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The ledger's state on one partition.
 *
 * @param rows by run, prompt, slot and origin
 * @param owners the origin that owns a prompt of a run
 * @param progress by run
 */
public record LedgerStores(
        KeyValueStore<String, LedgerRow> rows,
        KeyValueStore<String, String> owners,
        KeyValueStore<String, PartitionProgress> progress) {
    public static final String ROWS = "ledger";
    public static final String OWNERS = "prompt-owners";
    public static final String PROGRESS = "progress";
}
