package dev.precept.streams.step;

import dev.precept.records.Neighbour;
import dev.precept.records.NeighbourAction;
import dev.precept.records.NeighbourAnswer;
import dev.precept.records.Stage;
import dev.precept.streams.ledger.AnsweredSlot;
import dev.precept.streams.ledger.Event;
import dev.precept.streams.ledger.LedgerStores;
import dev.precept.streams.ledger.LedgerTransaction;
import dev.precept.streams.ledger.OutputRecord;
import dev.precept.streams.ledger.SearchKey;
import dev.precept.streams.ledger.SearchedSlot;
import dev.precept.streams.ledger.Step;
import dev.precept.streams.ledger.UnreadableRecord;
import java.util.List;
import java.util.Optional;

/**
 * Decides on attempts that the near-duplicate search has answered: sends one to the judges or accepts it, or fails it. An
 * answer that no slot waits for changes nothing.
 */
public final class Curating implements Step<NeighbourAnswer> {
    @Override
    public List<OutputRecord> apply(LedgerStores stores, Event<NeighbourAnswer> event) {
        LedgerTransaction transaction = transaction(stores, event);
        Optional<SearchedSlot> slot = transaction.openSearched(event.value());
        if (slot.isEmpty()) {
            return List.of();
        }
        decide(slot.get(), event.value().getAction());
        return transaction.finish();
    }

    @Override
    public List<OutputRecord> reject(LedgerStores stores, Event<NeighbourAnswer> event, String cause) {
        NeighbourAnswer failed =
                NeighbourAnswer.newBuilder(event.value()).setFailure(cause).build();
        LedgerTransaction transaction = transaction(stores, event);
        Optional<SearchedSlot> slot = transaction.openSearched(failed);
        if (slot.isEmpty()) {
            return List.of();
        }
        slot.get().slot().rejectFailed(Stage.CURATION, cause);
        return transaction.finish();
    }

    @Override
    public List<OutputRecord> rejectUnreadable(LedgerStores stores, UnreadableRecord unreadable) {
        Optional<SearchKey> key = SearchKey.parse(unreadable.key());
        if (key.isEmpty()) {
            return List.of();
        }
        LedgerTransaction transaction =
                new LedgerTransaction(stores, unreadable.event(), key.get().runId());
        String cause = "the near-duplicate search cannot be decoded: " + unreadable.cause();
        return transaction
                .openSearched(key.get(), cause)
                .map(found -> {
                    found.slot().rejectFailed(Stage.CURATION, cause);
                    return transaction.finish();
                })
                .orElse(List.of());
    }

    private static LedgerTransaction transaction(LedgerStores stores, Event<NeighbourAnswer> event) {
        return new LedgerTransaction(stores, event, event.value().getRef().getRunId());
    }

    private static void decide(SearchedSlot searched, NeighbourAction action) {
        AnsweredSlot slot = searched.slot();
        Neighbour neighbour = searched.neighbour();
        String failure = searched.failure();
        if (failure != null) {
            slot.rejectFailed(Stage.CURATION, failure);
        } else if (neighbour != null && !slot.keepsNearDuplicates()) {
            slot.failNearDuplicate(neighbour);
        } else if (action == NeighbourAction.LOOK) {
            slot.judge();
        } else {
            slot.accept(neighbour);
        }
    }
}
