package dev.precept.judging;

/** A control call did not get an answer, so that it decides nothing. */
public final class UndecidedCallException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UndecidedCallException(String message) {
        super(message);
    }
}
