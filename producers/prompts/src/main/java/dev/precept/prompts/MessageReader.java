package dev.precept.prompts;

import static dev.precept.prompts.row.UnusableRowException.unreadable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.prompts.row.JsonText;
import dev.precept.prompts.row.UnusableRowException;
import dev.precept.records.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of a conversation in the format of the chat-completions API, or of ShareGPT: {@code from} and {@code
 * value}. A conversation that ends on assistant turns is read without them.
 */
final class MessageReader {
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool");
    /** Other names of roles, as public data sets have them. */
    private static final Map<String, String> ALIASES = Map.of(
            "human", "user", "gpt", "assistant", "chatgpt", "assistant", "bot", "assistant", "model", "assistant");

    private static final Set<String> FIELDS =
            Set.of("role", "content", "name", "tool_calls", "tool_call_id", "reasoning_content");

    private final String list;
    private final Consumer<String> ignored;
    private final Consumer<String> notes;

    /**
     * @param list the file's name for the list of messages
     * @param notes receives what was read otherwise than it stands there
     */
    MessageReader(String list, Consumer<String> ignored, Consumer<String> notes) {
        this.list = list;
        this.ignored = ignored;
        this.notes = notes;
    }

    /** Returns at least one message; a model can answer the last. */
    List<Message> read(JsonNode turns, boolean offersTools) throws UnusableRowException {
        JsonText.requireObjects(turns, list);
        int count = turns.size();
        while (count > 1 && isAssistant(turns.get(count - 1), count - 1)) {
            count--;
        }
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Message message = turn((ObjectNode) turns.get(i), at(i));
            if (message != null) {
                messages.add(message);
            }
        }
        if (messages.isEmpty()) {
            throw unreadable("'" + list + "' is empty");
        }
        String last = messages.getLast().getRole();
        if (!last.equals("user") && !(last.equals("tool") && offersTools)) {
            throw unreadable("the conversation must end on a user turn, it ends on '" + last + "'"
                    + (last.equals("tool") ? " and offers no tools" : ""));
        }
        if (count < turns.size()) {
            notes.accept("the assistant's last turn left out");
        }
        return messages;
    }

    private String at(int index) {
        return list + "[" + index + "].";
    }

    private boolean isAssistant(JsonNode turn, int index) throws UnusableRowException {
        return role((ObjectNode) turn, roleKey(turn), at(index)).equals("assistant");
    }

    private static String roleKey(JsonNode turn) {
        return !turn.has("role") && turn.has("from") ? "from" : "role";
    }

    /** Returns null for a system turn without content. */
    private @Nullable Message turn(ObjectNode turn, String at) throws UnusableRowException {
        String roleKey = roleKey(turn);
        boolean shareGpt = roleKey.equals("from");
        for (var member : turn.properties()) {
            boolean known = FIELDS.contains(member.getKey())
                    || (shareGpt
                            && (member.getKey().equals("from")
                                    || member.getKey().equals("value")));
            if (!known && !member.getValue().isNull()) {
                ignored.accept(list + "[]." + member.getKey());
            }
        }
        String role = role(turn, roleKey, at);
        String contentKey = shareGpt && !turn.has("content") ? "value" : "content";
        @Nullable String calls = toolCalls(turn, role, at + "tool_calls");
        @Nullable String content = content(turn.path(contentKey), at + contentKey);
        if (content == null || content.isBlank()) {
            if (role.equals("system") || role.equals("developer")) {
                notes.accept("an empty system turn left out");
                return null;
            }
            if (calls == null) {
                throw unreadable("'" + at + contentKey + "' is " + (turn.has(contentKey) ? "blank" : "missing"));
            }
        }
        return Message.newBuilder()
                .setRole(role)
                .setContent(content)
                .setReasoningContent(optional(turn, "reasoning_content", at))
                .setToolCalls(calls)
                .setToolCallId(optional(turn, "tool_call_id", at))
                .setName(optional(turn, "name", at))
                .build();
    }

    private static String role(ObjectNode turn, String key, String at) throws UnusableRowException {
        String written = JsonText.text(turn.path(key), at + key);
        String role = written.strip().toLowerCase(Locale.ROOT);
        role = ALIASES.getOrDefault(role, role);
        if (!ROLES.contains(role)) {
            throw unreadable("'" + at + key + "' must be one of " + String.join(", ", new TreeSet<>(ROLES)));
        }
        return role;
    }

    /** A text, or the texts of a list of parts; null if absent. */
    private static @Nullable String content(JsonNode value, String name) throws UnusableRowException {
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isArray()) {
            return JsonText.text(value, name);
        }
        StringBuilder content = new StringBuilder();
        for (int i = 0; i < value.size(); i++) {
            JsonNode part = value.get(i);
            String type = part.path("type").asText("text");
            String at = name + "[" + i + "]";
            if (part.isTextual()) {
                content.append(JsonText.text(part, at));
            } else if (type.equals("text") || type.equals("input_text")) {
                content.append(JsonText.text(part.path("text"), at + ".text"));
            } else {
                throw unreadable(
                        "'" + at + "' is a part of type '" + JsonText.shortened(type) + "'; only text is supported");
            }
        }
        return content.toString();
    }

    private static @Nullable String toolCalls(ObjectNode turn, String role, String name) throws UnusableRowException {
        JsonNode calls = turn.path("tool_calls");
        if (calls.isMissingNode() || calls.isNull() || (calls.isArray() && calls.isEmpty())) {
            return null;
        }
        if (!role.equals("assistant")) {
            throw unreadable("'" + name + "': only an assistant message may call tools");
        }
        return JsonText.objects(calls, name);
    }

    private static @Nullable String optional(ObjectNode turn, String key, String at) throws UnusableRowException {
        JsonNode value = turn.get(key);
        return value == null || value.isNull() ? null : JsonText.text(value, at + key);
    }
}
