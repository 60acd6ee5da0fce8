package dev.precept.store.s3;

import java.io.IOException;

/** An unusable response; the request is worth repeating. */
final class RetryableException extends IOException {
    private static final int CORRUPT_ATTEMPTS = 3;

    private final int maxAttempts;
    private final boolean corrupt;

    private RetryableException(String reason, int maxAttempts, boolean corrupt) {
        super(reason);
        this.maxAttempts = maxAttempts;
        this.corrupt = corrupt;
    }

    /** @param maxAttempts of the request in total */
    RetryableException(String reason, int maxAttempts) {
        this(reason, maxAttempts, false);
    }

    /** The content read is not what was stored; it was damaged in transit or in the store. */
    static RetryableException corrupt(String reason) {
        return new RetryableException(reason, CORRUPT_ATTEMPTS, true);
    }

    int maxAttempts() {
        return maxAttempts;
    }

    boolean isCorrupt() {
        return corrupt;
    }
}
