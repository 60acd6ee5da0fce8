package dev.precept.model;

/**
 * Gets the pieces of a streamed answer while they arrive. They are to be looked at: what counts is the reply. A call that fails
 * after some pieces and is made again sends the pieces of its new answer. Must return fast, and not throw.
 */
@FunctionalInterface
public interface ReplyListener {
    /** Takes no pieces. */
    ReplyListener NONE = (_, _) -> {};

    /** What a piece belongs to. */
    enum Part {
        REASONING,
        ANSWER
    }

    /** One piece, in order; on a thread of the HTTP client. */
    void onPiece(Part part, String text);
}
