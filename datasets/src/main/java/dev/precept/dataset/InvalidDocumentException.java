package dev.precept.dataset;

import java.io.IOException;

/** A document of a dataset that is not JSON, or has a missing or wrong member. The message is one line and names the member. */
public final class InvalidDocumentException extends IOException {
    private static final long serialVersionUID = 1;

    public InvalidDocumentException(String what) {
        super(what);
    }

    public InvalidDocumentException(String what, Exception cause) {
        super(what, cause);
    }
}
