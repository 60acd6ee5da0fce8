package dev.precept.judging;

import dev.precept.model.ChatRequest;

/** Calls the model for one role. Implementations differ in how long they retry. Thread-safe. */
interface ModelClient {
    /**
     * @param slotId for log messages
     * @param parking how the task waits between two calls
     */
    CallResult call(ChatRequest request, String slotId, Parking parking) throws InterruptedException;
}
