package dev.precept.streams.ledger;

import dev.precept.records.Neighbour;
import org.jspecify.annotations.Nullable;

/** A slot whose candidate or verdict the near-duplicate search has answered. */
public final class SearchedSlot {
    private final AnsweredSlot slot;
    private final PendingSearches.Result result;

    SearchedSlot(AnsweredSlot slot, PendingSearches.Result result) {
        this.slot = slot;
        this.result = result;
    }

    public AnsweredSlot slot() {
        return slot;
    }

    /** The most similar earlier sample that is kept; null if there is none. */
    public @Nullable Neighbour neighbour() {
        return result.neighbour();
    }

    /** Why a shard failed on the reasoning; null if none did. */
    public @Nullable String failure() {
        return result.failure();
    }
}
