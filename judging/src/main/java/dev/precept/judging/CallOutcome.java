package dev.precept.judging;

import dev.precept.model.ModelCallException;
import dev.precept.model.Reply;

/** Names of call outcomes, in spend records and metrics. */
final class CallOutcome {
    /** An answer from the cache: counted as an outcome, but not as a call. */
    static final String CACHE_HIT = "cache_hit";

    private CallOutcome() {}

    static String label(Reply reply) {
        return switch (reply) {
            case Reply.Answered answered when answered.cacheHit() -> CACHE_HIT;
            case Reply.Answered answered ->
                switch (answered.finishReason()) {
                    case "stop", "tool_calls" -> "answered";
                    case "length" -> "truncated";
                    case "content_filter" -> "filtered";
                    default -> "unfinished";
                };
            case Reply.Malformed _ -> "malformed";
            case Reply.RequestRefused _ -> "refused";
            case Reply.ContextTooLong _ -> "context_too_long";
        };
    }

    /** Whether an answer is one, and is not cut. */
    static boolean isComplete(Reply.Answered answered) {
        return switch (label(answered)) {
            case CACHE_HIT, "answered" -> true;
            default -> false;
        };
    }

    static String label(ModelCallException failed) {
        return switch (failed) {
            case ModelCallException.RateLimited _ -> "rate_limited";
            case ModelCallException.Unavailable _ -> "unavailable";
            case ModelCallException.Unreadable _ -> "unreadable";
            case ModelCallException.TimedOut _ -> "timed_out";
            case ModelCallException.Misconfigured _ -> "misconfigured";
            case ModelCallException.NotPermitted _ -> "withheld";
        };
    }
}
