package dev.precept.judging.withhold;

/** A role stopped because nearly all of its last attempts failed for one reason. Their slots are open. */
public final class CommonFailureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CommonFailureException(String message) {
        super(message);
    }
}
