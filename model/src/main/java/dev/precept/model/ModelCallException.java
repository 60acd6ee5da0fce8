package dev.precept.model;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call failed for a reason other than its request. The message is one line that names the endpoint and holds nothing
 * of the request or the response but a code, so it may be logged.
 */
public abstract sealed class ModelCallException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Duration retryAfter;
    private final String explanation;

    private ModelCallException(
            String message, String explanation, @Nullable Throwable cause, @Nullable Duration retryAfter) {
        super(message, cause, false, false);
        this.explanation = explanation;
        this.retryAfter = retryAfter;
    }

    /**
     * The message with the words of the server, in one line of at most a few KiB. For the operator's eyes and for
     * records, not for logs: a server may quote the request.
     */
    public String detail() {
        return explanation.isEmpty() ? String.valueOf(getMessage()) : getMessage() + ": " + explanation;
    }

    /** The Retry-After of the endpoint, not negative; empty if it sent none. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** The endpoint is up but accepts no more requests for now. */
    public static final class RateLimited extends ModelCallException {
        private static final long serialVersionUID = 1L;

        public RateLimited(String message, @Nullable Duration retryAfter) {
            this(message, "", retryAfter);
        }

        /** @param explanation the words of the server; empty if it gave none */
        public RateLimited(String message, String explanation, @Nullable Duration retryAfter) {
            super(message, explanation, null, retryAfter);
        }
    }

    /** The endpoint is down or broken, or a gateway answered in its place. */
    public static final class Unavailable extends ModelCallException {
        private static final long serialVersionUID = 1L;

        private final boolean overloaded;

        public Unavailable(String message, @Nullable Duration retryAfter) {
            this(message, retryAfter, false);
        }

        /** @param overloaded whether the endpoint says that it has too many requests (503, 529) */
        public Unavailable(String message, @Nullable Duration retryAfter, boolean overloaded) {
            this(message, "", retryAfter, overloaded);
        }

        /** @param explanation the words of the server; empty if it gave none */
        public Unavailable(String message, String explanation, @Nullable Duration retryAfter, boolean overloaded) {
            super(message, explanation, null, retryAfter);
            this.overloaded = overloaded;
        }

        public Unavailable(String message, Throwable cause) {
            super(message, "", cause, null);
            this.overloaded = false;
        }

        /** Whether the endpoint says that it has too many requests; without other requests it is down. */
        public boolean isOverloaded() {
            return overloaded;
        }
    }

    /**
     * The status was successful, but the body is unreadable: too long, truncated, not UTF-8 or not JSON. Usually caused
     * by a proxy; if it recurs for one request alone, by that request.
     */
    public static final class Unreadable extends ModelCallException {
        private static final long serialVersionUID = 1L;

        public Unreadable(String message) {
            super(message, "", null, null);
        }
    }

    /** The response was not complete by the deadline of the request. */
    public static final class TimedOut extends ModelCallException {
        private static final long serialVersionUID = 1L;

        public TimedOut(String message) {
            super(message, "", null, null);
        }
    }

    /** The URL or the key is wrong; a retry fails until the operator changes one of them. */
    public static final class Misconfigured extends ModelCallException {
        private static final long serialVersionUID = 1L;

        public Misconfigured(String message) {
            this(message, "");
        }

        /** @param explanation the words of the server; empty if it gave none */
        public Misconfigured(String message, String explanation) {
            super(message, explanation, null, null);
        }
    }

    /** The call was not made: the run is paused or cancelled, or its budget is spent. No failure of the endpoint. */
    public static final class NotPermitted extends ModelCallException {
        private static final long serialVersionUID = 1L;

        public NotPermitted(String message) {
            super(message, "", null, null);
        }
    }
}
