package dev.precept.store.s3;

import java.io.IOException;

/** An answer that cannot be used, and is worth asking for once more. */
final class RetryableException extends IOException {
    private static final int DAMAGED_TRIES = 3;

    private final int maxAttempts;
    private final boolean corrupt;

    private RetryableException(String what, int tries, boolean damaged) {
        super(what);
        this.maxAttempts = tries;
        this.corrupt = damaged;
    }

    /** @param tries how often it is worth it, all told */
    RetryableException(String what, int tries) {
        this(what, tries, false);
    }

    /** Bytes that are not those that were stored: spoilt on the way perhaps, and else where they lie. */
    static RetryableException corrupt(String what) {
        return new RetryableException(what, DAMAGED_TRIES, true);
    }

    int maxAttempts() {
        return maxAttempts;
    }

    boolean isCorrupt() {
        return corrupt;
    }
}
