package dev.precept.streams.ledger;

import dev.precept.records.LedgerRow;
import dev.precept.records.PartitionProgress;
import dev.precept.records.PendingSearch;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The ledger's stores behind a buffer for the changes of one event: they are applied together once the event has succeeded,
 * so that a failed event leaves nothing. Not thread-safe.
 */
public final class BufferedStores {
    private final BufferedStore<LedgerRow> rows;
    private final BufferedStore<String> owners;
    private final BufferedStore<PartitionProgress> progress;
    private final BufferedStore<String> endedSources;
    private final BufferedStore<PendingSearch> pending;

    public BufferedStores(
            KeyValueStore<String, LedgerRow> rows,
            KeyValueStore<String, String> owners,
            KeyValueStore<String, PartitionProgress> progress,
            KeyValueStore<String, String> endedSources,
            KeyValueStore<String, PendingSearch> pending) {
        this.rows = new BufferedStore<>(rows);
        this.owners = new BufferedStore<>(owners);
        this.progress = new BufferedStore<>(progress);
        this.endedSources = new BufferedStore<>(endedSources);
        this.pending = new BufferedStore<>(pending);
    }

    /** The stores as the next event sees them. */
    public LedgerStores view() {
        return new LedgerStores(rows, owners, progress, endedSources, pending);
    }

    /** Writes the changes to the stores. */
    public void apply() {
        rows.apply();
        owners.apply();
        progress.apply();
        endedSources.apply();
        pending.apply();
    }

    /** Forgets the changes. */
    public void discard() {
        rows.discard();
        owners.discard();
        progress.discard();
        endedSources.discard();
        pending.discard();
    }
}
