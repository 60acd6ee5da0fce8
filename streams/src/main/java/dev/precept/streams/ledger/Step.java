package dev.precept.streams.ledger;

import java.util.List;

/** One step of the topology: a function of the ledger's state and one event. */
@FunctionalInterface
public interface Step<V> {
    /** Applies the event to the stores; returns the output records, in order. */
    List<OutputRecord> apply(LedgerStores stores, Event<V> event);
}
