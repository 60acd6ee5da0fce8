package dev.precept.dataset.release;

import dev.precept.records.Message;
import dev.precept.records.Sample;
import java.util.ArrayList;
import java.util.List;

/** What a template and a trainer must be able to handle in a conversation: one of a few dozen texts. */
final class RowShape {
    /** The prompt has turns of the assistant. */
    static final String SEVERAL_TURNS = "several turns";

    private RowShape() {}

    static String of(Sample sample) {
        List<Message> messages = sample.getMessages();
        List<Message> prompt = messages.subList(0, messages.size() - 1);
        List<String> shape = new ArrayList<>();
        for (String role : List.of("system", "developer")) {
            if (has(prompt, role)) {
                shape.add(role);
            }
        }
        shape.add(
                has(prompt, "assistant")
                        ? SEVERAL_TURNS
                        : prompt.stream()
                                                .filter(message ->
                                                        message.getRole().equals("user"))
                                                .count()
                                        > 1
                                ? "several user messages"
                                : "one turn");
        if (sample.getTools() != null) {
            shape.add("tools");
        }
        if (has(prompt, "tool")) {
            shape.add("tool results");
        }
        if (messages.getLast().getToolCalls() != null) {
            shape.add("answered by a tool call");
        }
        return String.join(", ", shape);
    }

    private static boolean has(List<Message> messages, String role) {
        return messages.stream().anyMatch(message -> message.getRole().equals(role));
    }
}
