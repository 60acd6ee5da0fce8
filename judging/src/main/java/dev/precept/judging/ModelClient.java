package dev.precept.judging;

import dev.precept.model.ChatRequest;

/** Calls the model for one role. Implementations differ in how long they retry. Thread-safe. */
interface ModelClient {
    /** @param slotId for log messages */
    CallResult call(ChatRequest request, String slotId) throws InterruptedException;
}
