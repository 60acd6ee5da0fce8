package dev.precept.model;

/** A model behind an endpoint. Thread-safe; a call blocks its thread, so make it on a virtual one. */
public interface ChatModel {
    /**
     * Makes one call and never repeats it.
     *
     * @return what the endpoint said to this request, good or bad
     * @throws ModelCallException when the endpoint said nothing to this request: it is down, busy, late, or not the one meant
     * @throws InterruptedException when the calling thread is interrupted; the call is dropped
     */
    Reply complete(ChatRequest request) throws ModelCallException, InterruptedException;
}
