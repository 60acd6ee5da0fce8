package dev.precept.store;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A store failed to carry out a request. The message is one line that names the store or the object, the cause and the
 * remedy. A folder also throws the {@link IOException} of its file system; treat that as {@link Unavailable}.
 */
public abstract sealed class StoreException extends IOException {
    private StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The store does not answer, or not usefully. The same request may succeed later. */
    public static final class Unavailable extends StoreException {
        public Unavailable(String message) {
            super(message, null);
        }

        public Unavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The store's name, settings, permissions or capabilities are wrong. Retrying does not help. */
    public static final class Misconfigured extends StoreException {
        public Misconfigured(String message) {
            super(message, null);
        }

        public Misconfigured(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Stored content is not what was written, or not what belongs under its key. Retrying does not help. */
    public static final class Corrupt extends StoreException {
        public Corrupt(String message) {
            super(message, null);
        }

        public Corrupt(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
