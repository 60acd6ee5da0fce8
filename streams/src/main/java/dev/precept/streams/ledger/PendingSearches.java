package dev.precept.streams.ledger;

import dev.precept.records.Neighbour;
import dev.precept.records.NeighbourAnswer;
import dev.precept.records.NeighbourRequest;
import dev.precept.records.PendingSearch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What waits for answers of the near-duplicate search: prompts under the key of their owner, candidates and verdicts under
 * the key of their slot. With several shards an entry beside it collects the answers.
 */
final class PendingSearches {
    private final LedgerStore<PendingSearch> store;

    PendingSearches(LedgerStore<PendingSearch> store) {
        this.store = store;
    }

    /**
     * The outcome of a search.
     *
     * @param waited the record that waited
     * @param shards that were asked
     * @param neighbour the most similar one of all shards; null if there is none
     * @param failure of a shard; null if none failed
     */
    record Result(
            Object waited,
            List<Integer> shards,
            @Nullable Neighbour neighbour,
            @Nullable String failure) {}

    void add(String key, Object record, List<NeighbourRequest> requests) {
        store.put(
                key,
                PendingSearch.newBuilder()
                        .setRecord(record)
                        .setShards(requests.stream()
                                .map(NeighbourRequest::getShard)
                                .toList())
                        .build());
        store.delete(SlotKey.answers(key));
    }

    void delete(String key) {
        store.delete(key);
        store.delete(SlotKey.answers(key));
    }

    /**
     * Adds an answer; with the last one, and with the first failure, nothing waits any more.
     *
     * @return empty if other shards have not answered, or if this one was not asked or has answered already
     */
    Optional<Result> answer(String key, NeighbourAnswer answer) {
        PendingSearch pending = store.get(key);
        if (pending == null || !pending.getShards().contains(answer.getShard())) {
            return Optional.empty();
        }
        PendingSearch before = pending.getShards().size() == 1 ? null : store.get(SlotKey.answers(key));
        List<Integer> answered = before == null ? List.of() : before.getShards();
        if (answered.contains(answer.getShard())) {
            return Optional.empty();
        }
        Neighbour neighbour = nearer(before == null ? null : before.getNeighbour(), answer.getNeighbour());
        if (answer.getFailure() == null
                && answered.size() + 1 < pending.getShards().size()) {
            List<Integer> shards = new ArrayList<>(answered);
            shards.add(answer.getShard());
            store.put(SlotKey.answers(key), new PendingSearch(null, shards, neighbour));
            return Optional.empty();
        }
        delete(key);
        return Optional.of(new Result(pending.getRecord(), pending.getShards(), neighbour, answer.getFailure()));
    }

    /** Ends the search of what waits under a key; empty if nothing does. */
    Optional<Result> fail(String key, String failure) {
        PendingSearch pending = store.get(key);
        if (pending == null || pending.getRecord() == null) {
            return Optional.empty();
        }
        delete(key);
        return Optional.of(new Result(pending.getRecord(), pending.getShards(), null, failure));
    }

    private static @Nullable Neighbour nearer(@Nullable Neighbour one, @Nullable Neighbour other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return other.getSimilarity() > one.getSimilarity() ? other : one;
    }
}
