package dev.precept.streams.step;

import dev.precept.records.Neighbour;
import dev.precept.records.NeighbourAnswer;
import dev.precept.streams.ledger.Event;
import dev.precept.streams.ledger.LedgerStores;
import dev.precept.streams.ledger.LedgerTransaction;
import dev.precept.streams.ledger.OutputRecord;
import dev.precept.streams.ledger.SearchKey;
import dev.precept.streams.ledger.SearchedPrompt;
import dev.precept.streams.ledger.Step;
import dev.precept.streams.ledger.UnreadableRecord;
import java.util.List;
import java.util.Optional;

/**
 * Decides on prompts that the near-duplicate search has answered: requests their attempts, or ends their slots. An answer
 * that no prompt waits for changes nothing.
 */
public final class Checking implements Step<NeighbourAnswer> {
    @Override
    public List<OutputRecord> apply(LedgerStores stores, Event<NeighbourAnswer> event) {
        LedgerTransaction transaction = transaction(stores, event);
        Optional<SearchedPrompt> prompt = transaction.openPrompt(event.value());
        if (prompt.isEmpty()) {
            return List.of();
        }
        decide(prompt.get());
        return transaction.finish();
    }

    @Override
    public List<OutputRecord> reject(LedgerStores stores, Event<NeighbourAnswer> event, String cause) {
        NeighbourAnswer failed =
                NeighbourAnswer.newBuilder(event.value()).setFailure(cause).build();
        LedgerTransaction transaction = transaction(stores, event);
        Optional<SearchedPrompt> prompt = transaction.openPrompt(failed);
        if (prompt.isEmpty()) {
            return List.of();
        }
        prompt.get().rejectFailed(cause);
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
                .openPrompt(key.get(), cause)
                .map(found -> {
                    found.rejectFailed(cause);
                    return transaction.finish();
                })
                .orElse(List.of());
    }

    private static LedgerTransaction transaction(LedgerStores stores, Event<NeighbourAnswer> event) {
        return new LedgerTransaction(stores, event, event.value().getRef().getRunId());
    }

    private static void decide(SearchedPrompt prompt) {
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
}
