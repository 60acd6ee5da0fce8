package dev.precept.streams.ledger;

import dev.precept.records.Neighbour;
import dev.precept.records.Prompt;
import dev.precept.schemas.Topics;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The slots of a prompt that the near-duplicate search has answered. */
public final class SearchedPrompt {
    private final LedgerTransaction transaction;
    private final Prompt prompt;
    private final List<AdmittedSlot> slots;
    private final PendingSearches.Result result;

    SearchedPrompt(
            LedgerTransaction transaction, Prompt prompt, List<AdmittedSlot> slots, PendingSearches.Result result) {
        this.transaction = transaction;
        this.prompt = prompt;
        this.slots = slots;
        this.result = result;
    }

    /** The most similar earlier prompt that is kept; null if there is none. */
    public @Nullable Neighbour neighbour() {
        return result.neighbour();
    }

    /** Why a shard failed on the prompt; null if none did. */
    public @Nullable String failure() {
        return result.failure();
    }

    /** Requests the attempts of the slots. */
    public void requestAttempts() {
        slots.forEach(slot -> slot.requestAttempt(prompt));
    }

    /** Ends the slots, since the prompt is similar to an earlier one. */
    public void rejectNearDuplicate(Neighbour neighbour) {
        slots.forEach(slot -> slot.rejectNearDuplicate(prompt, neighbour));
        if (result.shards().size() > 1) {
            withdraw(); // shards without a neighbour have kept the claim
        }
    }

    /** Ends the slots, since a step or a shard has failed on the prompt. */
    public void rejectFailed(String cause) {
        slots.forEach(slot -> slot.rejectFailed(cause));
        withdraw();
    }

    private void withdraw() {
        if (!slots.isEmpty()) {
            transaction
                    .searches()
                    .send(Topics.PROMPT_SIGNATURES, slots.getFirst().withdrawal(prompt));
        }
    }
}
