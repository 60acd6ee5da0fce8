package dev.precept.dataset.template;

import dev.precept.records.Message;
import dev.precept.records.Sample;
import java.util.List;

/** What templates tell conversations apart by; the last one that fits. */
public enum ConversationShape {
    PLAIN("plain"),
    SEVERAL_TURNS("several turns"),
    DEVELOPER("developer"),
    TOOL_CALL("tool call"),
    TOOL_RESULT("tool result");

    private final String label;

    ConversationShape(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    static ConversationShape of(Sample sample) {
        List<Message> messages = sample.getMessages();
        if (hasRole(messages, "tool")) {
            return TOOL_RESULT;
        }
        if (sample.getTools() != null || messages.stream().anyMatch(message -> message.getToolCalls() != null)) {
            return TOOL_CALL;
        }
        if (hasRole(messages, "developer")) {
            return DEVELOPER;
        }
        return hasRole(messages.subList(0, messages.size() - 1), "assistant") ? SEVERAL_TURNS : PLAIN;
    }

    private static boolean hasRole(List<Message> messages, String role) {
        return messages.stream().anyMatch(message -> message.getRole().equals(role));
    }
}
