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
    /** Between the text of a system message and that of a user message where a model takes both in one. */
    public static final String MERGED = "\n\n";

    private static final String SYSTEM = "system";

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
        return system(MessageContent.of(content));
    }

    public static ChatMessage system(MessageContent content) {
        return new ChatMessage(SYSTEM, content, null, null, null, null);
    }

    public boolean isSystem() {
        return role.equals(SYSTEM);
    }

    public static ChatMessage user(String content) {
        return user(MessageContent.of(content));
    }

    public static ChatMessage user(MessageContent content) {
        return new ChatMessage("user", content, null, null, null, null);
    }
}
