package dev.precept.prompts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.content.CanonicalJson;
import dev.precept.prompts.row.JsonRow;
import dev.precept.records.Message;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How large a canonical conversation is: the text whose hash is the prompt id. */
final class CanonicalSize {
    private CanonicalSize() {}

    /** In bytes of UTF-8. */
    static int of(List<Message> messages, @Nullable String tools) {
        ObjectNode conversation = JsonNodeFactory.instance.objectNode();
        ArrayNode turns = conversation.putArray("messages");
        for (Message message : messages) {
            ObjectNode turn = turns.addObject();
            put(turn, "role", message.getRole());
            put(turn, "content", message.getContent());
            put(turn, "reasoning_content", message.getReasoningContent());
            put(turn, "tool_call_id", message.getToolCallId());
            put(turn, "name", message.getName());
            putJson(turn, "tool_calls", message.getToolCalls());
        }
        putJson(conversation, "tools", tools);
        return CanonicalJson.of(conversation).getBytes(StandardCharsets.UTF_8).length;
    }

    private static void put(ObjectNode object, String name, @Nullable String text) {
        if (text != null) {
            object.put(name, text);
        }
    }

    private static void putJson(ObjectNode object, String name, @Nullable String json) {
        if (json != null) {
            try {
                object.set(name, JsonRow.JSON.readTree(json));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(name + " was written from JSON", e);
            }
        }
    }
}
