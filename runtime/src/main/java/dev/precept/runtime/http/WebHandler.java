package dev.precept.runtime.http;

import java.util.Optional;

/** Answers requests, each on a virtual thread of its own, so that it may block. Thread-safe. */
public interface WebHandler {
    /** The answer to a request whose body is not worth reading, such as one without a token; empty to have it read. */
    Optional<WebReply> refuse(WebHead head);

    /** @throws InterruptedException if the server stops */
    WebReply handle(WebHead head, byte[] body) throws InterruptedException;

    /** The answer to a request that this program fails on, or whose body cannot be read. */
    WebReply failed(int status, String problem);
}
