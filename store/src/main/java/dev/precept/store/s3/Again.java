package dev.precept.store.s3;

import java.io.IOException;

/** An answer that cannot be used, and is worth asking for once more. */
final class Again extends IOException {
    private static final int DAMAGED_TRIES = 3;

    private final int tries;
    private final boolean damaged;

    private Again(String what, int tries, boolean damaged) {
        super(what);
        this.tries = tries;
        this.damaged = damaged;
    }

    /** @param tries how often it is worth it, all told */
    Again(String what, int tries) {
        this(what, tries, false);
    }

    /** Bytes that are not those that were stored: spoilt on the way perhaps, and else where they lie. */
    static Again damaged(String what) {
        return new Again(what, DAMAGED_TRIES, true);
    }

    int tries() {
        return tries;
    }

    boolean isDamaged() {
        return damaged;
    }
}
