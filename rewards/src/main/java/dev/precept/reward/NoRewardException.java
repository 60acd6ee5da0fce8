package dev.precept.reward;

import java.time.Duration;
import java.util.Locale;

/** There is no honest score now. The request may be repeated. */
final class NoRewardException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Cause cause;

    /** Why there is none, and when it is worth to repeat the request. */
    enum Cause {
        /** The votes are not complete; they go on, so a repeated request finds them. */
        DEADLINE(Duration.ofSeconds(1)),
        /** The budget is spent. */
        BUDGET(Duration.ofMinutes(1)),
        /** The judge gave no vote that can be read, or refuses this request. */
        JUDGE(Duration.ofSeconds(5)),
        /** More answers wait than the service takes. */
        OVERLOADED(Duration.ofSeconds(5)),
        /** Votes cannot be stored, so another replica could give another reward. */
        STORE(Duration.ofSeconds(5)),
        STOPPING(Duration.ofSeconds(5)),
        /** An error of this program. */
        FAILED(Duration.ofSeconds(30));

        private final Duration retryAfter;

        Cause(Duration retryAfter) {
            this.retryAfter = retryAfter;
        }

        Duration retryAfter() {
            return retryAfter;
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    NoRewardException(Cause cause, String message) {
        super(message, null, false, false);
        this.cause = cause;
    }

    Cause reason() {
        return cause;
    }
}
