package dev.precept.store.s3;

import java.io.IOException;

/** An answer that cannot be used, and is worth asking for once more. */
final class Again extends IOException {
    private final int tries;

    /** @param tries how often it is worth it, all told */
    Again(String what, int tries) {
        super(what);
        this.tries = tries;
    }

    int tries() {
        return tries;
    }
}
