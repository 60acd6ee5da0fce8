package dev.precept.reward;

/** A request that cannot be read. The message has the place and what to send, and nothing of the text. */
final class BadRequestException extends Exception {
    private static final long serialVersionUID = 1L;

    BadRequestException(String message) {
        super(message, null, false, false);
    }
}
