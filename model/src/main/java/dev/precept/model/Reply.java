package dev.precept.model;

import org.jspecify.annotations.Nullable;

/** The response of an endpoint to one request. */
public sealed interface Reply {
    /** The tokens the call used. */
    default TokenUsage usage() {
        return TokenUsage.NONE;
    }

    /**
     * The model answered. Whether the answer is a valid completion depends on the finish reason and on the caller.
     *
     * @param finishReason as sent by the server: {@code stop}, {@code length}, {@code content_filter}, …
     * @param reasoning outer white space stripped; null where there is none
     * @param content outer white space stripped; empty where there is none. A refusal in its own field, without
     *     content, is the content: the model wrote it, not a filter
     * @param toolCallsJson the array of tool calls as JSON text; null where there are none
     * @param model the model that answered, by the server's name
     * @param cacheHit whether the answer comes from the cache, without a call
     */
    record Answered(
            String finishReason,
            @Nullable String reasoning,
            String content,
            @Nullable String toolCallsJson,
            TokenUsage usage,
            String model,
            boolean cacheHit)
            implements Reply {
        /** An answer of an endpoint, not from the cache. */
        public Answered(
                String finishReason,
                @Nullable String reasoning,
                String content,
                @Nullable String toolCallsJson,
                TokenUsage usage,
                String model) {
            this(finishReason, reasoning, content, toolCallsJson, usage, model, false);
        }
    }

    /** The endpoint answered, possibly at a cost, but the completion is missing or ambiguous. */
    record Malformed(String detail, TokenUsage usage) implements Reply {}

    /** The endpoint refused this request, and would refuse it again. */
    record RequestRefused(int status, String detail) implements Reply {}

    /** The request, or the completion it allows, exceeds the context of the model. */
    record ContextTooLong(String detail) implements Reply {}
}
