package dev.precept.judging;

import dev.precept.model.ChatRequest;

/** Whoever makes a role's calls; how long it tries is its own. Thread-safe. */
public interface ModelClient {
    /** @param slotId for whom, as logs name it */
    CallResult call(ChatRequest request, String slotId) throws InterruptedException;
}
