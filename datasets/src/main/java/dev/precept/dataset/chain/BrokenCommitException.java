package dev.precept.dataset.chain;

import java.io.IOException;

/** A chain is not whole, or a commit's key holds what is not the commit that belongs there. Trying again does not help. */
public final class BrokenCommitException extends IOException {
    private static final long serialVersionUID = 1;

    BrokenCommitException(String what) {
        super(what);
    }

    BrokenCommitException(String what, Exception cause) {
        super(what, cause);
    }
}
