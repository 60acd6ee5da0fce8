package dev.precept.streams.step;

import dev.precept.records.NeighbourAction;
import dev.precept.records.NeighbourAnswer;
import dev.precept.streams.ledger.Event;
import dev.precept.streams.ledger.LedgerStores;
import dev.precept.streams.ledger.LedgerTransaction;
import dev.precept.streams.ledger.OutputRecord;
import dev.precept.streams.ledger.SearchKey;
import dev.precept.streams.ledger.Step;
import dev.precept.streams.ledger.UnreadableRecord;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A step that decides on what the near-duplicate search has answered. An answer that nothing waits for changes nothing.
 *
 * @param <S> what waits for an answer
 */
abstract class SearchStep<S> implements Step<NeighbourAnswer> {
    /** Opens what waits for an answer; empty if nothing does. */
    abstract Optional<S> open(LedgerTransaction transaction, NeighbourAnswer answer);

    /** Opens what waits for an answer that cannot be decoded; empty if nothing does. */
    abstract Optional<S> open(LedgerTransaction transaction, SearchKey key, String failure);

    abstract void decide(S searched, NeighbourAction action);

    /** Ends what waits: a step or a shard has failed on it. */
    abstract void rejectFailed(S searched, String cause);

    @Override
    public final List<OutputRecord> apply(LedgerStores stores, Event<NeighbourAnswer> event) {
        LedgerTransaction transaction = transaction(stores, event);
        return finish(
                transaction,
                open(transaction, event.value()),
                searched -> decide(searched, event.value().getAction()));
    }

    @Override
    public final List<OutputRecord> reject(LedgerStores stores, Event<NeighbourAnswer> event, String cause) {
        NeighbourAnswer failed =
                NeighbourAnswer.newBuilder(event.value()).setFailure(cause).build();
        LedgerTransaction transaction = transaction(stores, event);
        return finish(transaction, open(transaction, failed), searched -> rejectFailed(searched, cause));
    }

    @Override
    public final List<OutputRecord> rejectUnreadable(LedgerStores stores, UnreadableRecord unreadable) {
        Optional<SearchKey> key = SearchKey.parse(unreadable.key());
        if (key.isEmpty()) {
            return List.of();
        }
        String cause = "the near-duplicate search cannot be decoded: " + unreadable.cause();
        LedgerTransaction transaction =
                new LedgerTransaction(stores, unreadable.event(), key.get().runId());
        return finish(transaction, open(transaction, key.get(), cause), searched -> rejectFailed(searched, cause));
    }

    private static LedgerTransaction transaction(LedgerStores stores, Event<NeighbourAnswer> event) {
        return new LedgerTransaction(stores, event, event.value().getRef().getRunId());
    }

    private static <S> List<OutputRecord> finish(
            LedgerTransaction transaction, Optional<S> searched, Consumer<S> change) {
        if (searched.isEmpty()) {
            return List.of();
        }
        change.accept(searched.get());
        return transaction.finish();
    }
}
