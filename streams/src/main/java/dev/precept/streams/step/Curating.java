package dev.precept.streams.step;

import dev.precept.records.Neighbour;
import dev.precept.records.NeighbourAction;
import dev.precept.records.NeighbourAnswer;
import dev.precept.records.Stage;
import dev.precept.streams.ledger.AnsweredSlot;
import dev.precept.streams.ledger.LedgerTransaction;
import dev.precept.streams.ledger.SearchKey;
import dev.precept.streams.ledger.SearchedSlot;
import java.util.Optional;

/** Decides on attempts that the near-duplicate search has answered: sends one to the judges or accepts it, or fails it. */
public final class Curating extends SearchStep<SearchedSlot> {
    @Override
    Optional<SearchedSlot> open(LedgerTransaction transaction, NeighbourAnswer answer) {
        return transaction.openSearched(answer);
    }

    @Override
    Optional<SearchedSlot> open(LedgerTransaction transaction, SearchKey key, String failure) {
        return transaction.openSearched(key, failure);
    }

    @Override
    void decide(SearchedSlot searched, NeighbourAction action) {
        AnsweredSlot slot = searched.slot();
        Neighbour neighbour = searched.neighbour();
        String failure = searched.failure();
        if (failure != null) {
            rejectFailed(searched, failure);
        } else if (neighbour != null && !slot.keepsNearDuplicates()) {
            slot.failNearDuplicate(neighbour);
        } else if (action == NeighbourAction.LOOK) {
            slot.judge();
        } else {
            slot.accept(neighbour);
        }
    }

    @Override
    void rejectFailed(SearchedSlot searched, String cause) {
        searched.slot().rejectFailed(Stage.CURATION, cause);
    }
}
