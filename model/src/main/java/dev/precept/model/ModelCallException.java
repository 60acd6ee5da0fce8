package dev.precept.model;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call ended without a reply to its request, for a reason that does not lie in the request. The message is one line,
 * names the endpoint, and holds nothing of what was sent or received, so it may be logged.
 */
public abstract sealed class ModelCallException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Duration retryAfter;

    private ModelCallException(String message, @Nullable Throwable cause, @Nullable Duration retryAfter) {
        super(message, cause, false, false);
        this.retryAfter = retryAfter;
    }

    /** How long the endpoint asked to be left alone, not negative; empty where it did not ask. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** The endpoint is up and takes no more for now. */
    public static final class RateLimited extends ModelCallException {
        private static final long serialVersionUID = 1L;

        public RateLimited(String message, @Nullable Duration retryAfter) {
            super(message, null, retryAfter);
        }
    }

    /** The endpoint is down, broken, or something else answered in its place. */
    public static final class Unavailable extends ModelCallException {
        private static final long serialVersionUID = 1L;

        public Unavailable(String message, @Nullable Duration retryAfter) {
            super(message, null, retryAfter);
        }

        public Unavailable(String message, Throwable cause) {
            super(message, cause, null);
        }
    }

    /**
     * The endpoint said that all was well, and nobody can read what it said: too long, cut, not UTF-8, not JSON. Mostly the
     * work of something in between; where it comes back for one request alone, that request is the cause.
     */
    public static final class Unreadable extends ModelCallException {
        private static final long serialVersionUID = 1L;

        public Unreadable(String message) {
            super(message, null, null);
        }
    }

    /** The whole answer had not come by the deadline of the request. */
    public static final class TimedOut extends ModelCallException {
        private static final long serialVersionUID = 1L;

        public TimedOut(String message) {
            super(message, null, null);
        }
    }

    /** The URL or the key is wrong; calling again cannot help until somebody changes one of them. */
    public static final class Misconfigured extends ModelCallException {
        private static final long serialVersionUID = 1L;

        public Misconfigured(String message) {
            super(message, null, null);
        }
    }

    /** The call was not made: the run is paused or cancelled, or its budget is spent. Says nothing of the endpoint. */
    public static final class NotPermitted extends ModelCallException {
        private static final long serialVersionUID = 1L;

        public NotPermitted(String message) {
            super(message, null, null);
        }
    }
}
