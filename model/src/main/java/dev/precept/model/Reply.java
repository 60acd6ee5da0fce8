package dev.precept.model;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The response of an endpoint to one request. */
public sealed interface Reply {
    /** The tokens the call used; not known if the server reported none. */
    default TokenUsage usage() {
        return TokenUsage.NONE;
    }

    /**
     * The model answered. Whether the answer is a valid completion depends on the finish reason and on the caller.
     *
     * @param finishReason in the words of the chat-completions API: {@code stop}, {@code length}, {@code content_filter},
     *     {@code tool_calls}; another one as sent by the server, cut at 64 bytes
     * @param reasoning outer white space stripped; null where there is none
     * @param content outer white space stripped; empty where there is none. A refusal in its own field, without
     *     content, is the content: the model wrote it, not a filter
     * @param toolCallsJson the array of tool calls as JSON text; null where there are none
     * @param model the model that answered, by the server's name, cut at 256 bytes
     * @param server what else is known of the server
     * @param cacheHit whether the answer comes from the cache, without a call
     */
    record Answered(
            String finishReason,
            @Nullable String reasoning,
            String content,
            @Nullable String toolCallsJson,
            TokenUsage usage,
            String model,
            ServerInfo server,
            boolean cacheHit)
            implements Reply {
        /** An answer of a server of which nothing else is known. */
        public Answered(
                String finishReason,
                @Nullable String reasoning,
                String content,
                @Nullable String toolCallsJson,
                TokenUsage usage,
                String model,
                boolean cacheHit) {
            this(finishReason, reasoning, content, toolCallsJson, usage, model, ServerInfo.UNKNOWN, cacheHit);
        }

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

    /**
     * How a server answered.
     *
     * @param fingerprint {@code system_fingerprint} of the API, cut at 256 bytes; null where the server sent none
     * @param omittedFields sampling parameters that were requested but not sent, because the server does not take them
     */
    record ServerInfo(@Nullable String fingerprint, Set<String> omittedFields) {
        public static final ServerInfo UNKNOWN = new ServerInfo(null, Set.of());

        public ServerInfo {
            omittedFields = Set.copyOf(omittedFields);
        }
    }

    /** The endpoint answered, possibly at a cost, but the completion is missing or ambiguous. */
    record Malformed(String detail, TokenUsage usage) implements Reply {}

    /**
     * The endpoint refused this request, and would refuse it again.
     *
     * @param detail the words of the server
     * @param filtered whether a content filter refused the prompt
     */
    record RequestRefused(int status, String detail, boolean filtered) implements Reply {
        public RequestRefused(int status, String detail) {
            this(status, detail, false);
        }
    }

    /** The request, or the completion it allows, exceeds the context of the model. */
    record ContextTooLong(String detail) implements Reply {}
}
