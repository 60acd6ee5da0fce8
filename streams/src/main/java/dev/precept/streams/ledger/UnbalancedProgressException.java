package dev.precept.streams.ledger;

/** The counters of a run do not balance: a bug that must not reach a topic. It stops the process. */
public final class UnbalancedProgressException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    UnbalancedProgressException(String message) {
        super(message);
    }
}
