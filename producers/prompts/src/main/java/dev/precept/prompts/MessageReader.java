package dev.precept.prompts;

import static dev.precept.prompts.row.UnusableRowException.unreadable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.prompts.row.JsonText;
import dev.precept.prompts.row.UnusableRowException;
import dev.precept.records.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the messages of a conversation in the format of the chat-completions API. */
final class MessageReader {
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool");
    private static final Set<String> FIELDS =
            Set.of("role", "content", "name", "tool_calls", "tool_call_id", "reasoning_content");

    private final String list;
    private final Consumer<String> ignored;

    /** @param list the file's name for the list of messages */
    MessageReader(String list, Consumer<String> ignored) {
        this.list = list;
        this.ignored = ignored;
    }

    /** Returns at least one message; a model can answer the last. */
    List<Message> read(JsonNode turns, boolean offersTools) throws UnusableRowException {
        JsonText.requireObjects(turns, list);
        List<Message> messages = new ArrayList<>();
        for (JsonNode turn : turns) {
            messages.add(turn((ObjectNode) turn, list + "[" + messages.size() + "]."));
        }
        if (messages.isEmpty()) {
            throw unreadable("'" + list + "' is empty");
        }
        String last = messages.getLast().getRole();
        if (!last.equals("user") && !(last.equals("tool") && offersTools)) {
            throw unreadable("the conversation must end on a user turn, it ends on '" + last + "'"
                    + (last.equals("tool") ? " and offers no tools" : ""));
        }
        return messages;
    }

    private Message turn(ObjectNode turn, String at) throws UnusableRowException {
        for (var member : turn.properties()) {
            if (!FIELDS.contains(member.getKey())) {
                ignored.accept(list + "[]." + member.getKey());
            }
        }
        String role = JsonText.text(turn.path("role"), at + "role");
        if (!ROLES.contains(role)) {
            throw unreadable("'" + at + "role' must be one of " + String.join(", ", new TreeSet<>(ROLES)));
        }
        @Nullable String calls = toolCalls(turn, role, at + "tool_calls");
        return Message.newBuilder()
                .setRole(role)
                .setContent(calls == null ? content(turn, at + "content") : optional(turn, "content", at))
                .setReasoningContent(optional(turn, "reasoning_content", at))
                .setToolCalls(calls)
                .setToolCallId(optional(turn, "tool_call_id", at))
                .setName(optional(turn, "name", at))
                .build();
    }

    private static String content(ObjectNode turn, String name) throws UnusableRowException {
        return JsonText.filled(turn.path("content"), name);
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
