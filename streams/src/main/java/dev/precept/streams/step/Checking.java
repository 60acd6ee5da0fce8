package dev.precept.streams.step;

import dev.precept.records.Neighbour;
import dev.precept.records.NeighbourAction;
import dev.precept.records.NeighbourAnswer;
import dev.precept.streams.ledger.LedgerTransaction;
import dev.precept.streams.ledger.SearchKey;
import dev.precept.streams.ledger.SearchedPrompt;
import java.util.Optional;

/** Decides on prompts that the near-duplicate search has answered: requests their attempts, or ends their slots. */
public final class Checking extends SearchStep<SearchedPrompt> {
    @Override
    Optional<SearchedPrompt> open(LedgerTransaction transaction, NeighbourAnswer answer) {
        return transaction.openPrompt(answer);
    }

    @Override
    Optional<SearchedPrompt> open(LedgerTransaction transaction, SearchKey key, String failure) {
        return transaction.openPrompt(key, failure);
    }

    @Override
    void decide(SearchedPrompt prompt, NeighbourAction action) {
        Neighbour neighbour = prompt.neighbour();
        String failure = prompt.failure();
        if (failure != null) {
            prompt.rejectFailed(failure);
        } else if (neighbour != null) {
            prompt.rejectNearDuplicate(neighbour);
        } else {
            prompt.requestAttempts();
        }
    }

    @Override
    void rejectFailed(SearchedPrompt prompt, String cause) {
        prompt.rejectFailed(cause);
    }
}
