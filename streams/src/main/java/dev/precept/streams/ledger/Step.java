package dev.precept.streams.ledger;

import java.util.List;

/** One step of the topology: a function of the ledger's state and one event. */
@FunctionalInterface
public interface Step<V> {
    /** Applies the event to the stores; returns the output records, in order. */
    List<OutputRecord> apply(LedgerStores stores, Event<V> event);

    /**
     * Ends the slots of an event that {@link #apply} has failed on; no change of that call is left.
     *
     * @param cause of the failure
     * @return empty if the event has no slot, or none that waits for it
     */
    default List<OutputRecord> reject(LedgerStores stores, Event<V> event, String cause) {
        return List.of();
    }

    /**
     * Ends the slot of a record that cannot be decoded.
     *
     * @return empty if the record has no slot of its own, or if its slot stays open because the valid record may still arrive
     */
    default List<OutputRecord> rejectUnreadable(LedgerStores stores, UnreadableRecord unreadable) {
        return List.of();
    }
}
