package dev.precept.model;

/** A model behind an endpoint. Calls block, so make them on virtual threads. Thread-safe. */
public interface ChatModel {
    /**
     * Makes one call, without retries.
     *
     * @return the endpoint's response to this request, an answer or an error
     * @throws ModelCallException if the endpoint did not respond to this request: it is down, busy, late or
     *     misconfigured
     * @throws InterruptedException if the calling thread is interrupted; the call is cancelled
     */
    Reply complete(ChatRequest request) throws ModelCallException, InterruptedException;
}
