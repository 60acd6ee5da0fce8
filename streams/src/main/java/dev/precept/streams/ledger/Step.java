package dev.precept.streams.ledger;

import java.util.List;

/** One step of the line: a function of the ledger's state and one event. */
@FunctionalInterface
public interface Step<V> {
    /** Enters the event; answers the records that follow from it, in order. */
    List<OutputRecord> apply(LedgerStores stores, Event<V> event);
}
