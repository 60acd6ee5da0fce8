package dev.precept.dataset.spool;

import java.io.IOException;

/** The limit of a spool is too small for what is written. */
public final class SpoolFullException extends IOException {
    private static final long serialVersionUID = 1L;

    public SpoolFullException(String message) {
        super(message);
    }
}
