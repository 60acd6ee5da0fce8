package dev.precept.model;

import org.jspecify.annotations.Nullable;

/** What an endpoint said to one request. */
public sealed interface Reply {
    /** What the call cost. */
    default TokenUsage usage() {
        return TokenUsage.NONE;
    }

    /**
     * The model wrote something; whether it is a completion is for the finish reason to say and for the caller to judge.
     *
     * @param finishReason as the server gave it: {@code stop}, {@code length}, {@code content_filter}, …
     * @param reasoning outer white space stripped; null where there is none
     * @param content outer white space stripped; empty where there is none. A refusal that came in a field of its own, with
     *     nothing beside it, is the content: the model wrote it, no filter did
     * @param toolCallsJson the array of tool calls as JSON text; null where there are none
     * @param model the model that answered, as the server calls it
     * @param cacheHit whether this was said and paid for before, so that nobody was called
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
        /** An answer that an endpoint has just given. */
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

    /** The endpoint answered, paid for or not, and no completion can be read from it without guessing. */
    record Malformed(String detail, TokenUsage usage) implements Reply {}

    /** The endpoint will not take this request, and would not take it again. */
    record RequestRefused(int status, String detail) implements Reply {}

    /** The request, or what it asks for, is longer than the model can hold. */
    record ContextTooLong(String detail) implements Reply {}
}
