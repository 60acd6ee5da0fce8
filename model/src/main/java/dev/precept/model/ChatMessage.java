package dev.precept.model;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * One message of the chat-completions API.
 *
 * @param toolCalls the array of tool calls of an assistant message
 * @param toolCallId the tool call that this message, of role {@code tool}, answers
 */
public record ChatMessage(
        String role,
        @Nullable MessageContent content,
        @Nullable String reasoningContent,
        @Nullable JsonNode toolCalls,
        @Nullable String toolCallId,
        @Nullable String name) {
    public ChatMessage {
        if (role.isBlank()) {
            throw new IllegalArgumentException("a message needs a role");
        }
        if (toolCalls != null && !toolCalls.isArray()) {
            throw new IllegalArgumentException("tool_calls must be a JSON array, not " + toolCalls.getNodeType());
        }
        if (reasoningContent != null && !UntrustedText.isWellFormed(reasoningContent)) {
            throw new IllegalArgumentException("a message of role " + role + " has an unpaired surrogate");
        }
    }

    public static ChatMessage system(String content) {
        return new ChatMessage("system", MessageContent.of(content), null, null, null, null);
    }

    public static ChatMessage user(String content) {
        return user(MessageContent.of(content));
    }

    public static ChatMessage user(MessageContent content) {
        return new ChatMessage("user", content, null, null, null, null);
    }
}
