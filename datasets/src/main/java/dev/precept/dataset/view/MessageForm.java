package dev.precept.dataset.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.records.Message;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.jspecify.annotations.Nullable;

/** Where a message has its reasoning. */
enum MessageForm {
    /** In the key that most templates with a channel for it read. */
    FIELD("reasoning_content"),

    /** In the key that templates in the shape of Harmony read. */
    THINKING("thinking"),

    /** In the content, between {@code <think>} tags; that of earlier turns is left out, as servers do not send it back. */
    INLINE(null);

    private static final String SYSTEM = "system";

    private final @Nullable String key;

    MessageForm(@Nullable String key) {
        this.key = key;
    }

    /** The schemas of messages that are structs. */
    private static final class Structs {
        static final Map<MessageForm, Schema> BY_FORM = new EnumMap<>(MessageForm.class);

        static {
            for (MessageForm form : values()) {
                SchemaBuilder.FieldAssembler<Schema> fields = SchemaBuilder.record("Message")
                        .namespace("dev.precept.view")
                        .fields()
                        .requiredString("role")
                        .requiredString("content");
                BY_FORM.put(form, (form.key == null ? fields : fields.optionalString(form.key)).endRecord());
            }
        }
    }

    private Schema struct() {
        return Objects.requireNonNull(Structs.BY_FORM.get(this));
    }

    /** A list of messages. */
    Schema schema(RowFormat format) {
        return Schema.createArray(format.json() ? JsonText.schema() : struct());
    }

    /**
     * Messages as elements of such a list.
     *
     * @param last whether the last of them is the judged turn
     */
    List<Object> elements(List<Message> messages, boolean last, RowFormat format) {
        List<Object> elements = new ArrayList<>();
        List<Message> renamed = format.developerAsSystem() ? withoutDeveloper(messages) : messages;
        for (int n = 0; n < renamed.size(); n++) {
            Message message = renamed.get(n);
            String content = content(message, last && n == renamed.size() - 1);
            elements.add(format.json() ? json(message, content) : struct(message, content));
        }
        return elements;
    }

    /** Templates know one system turn, so a developer's turn after it is its second paragraph. */
    static List<Message> withoutDeveloper(List<Message> messages) {
        List<Message> renamed = new ArrayList<>();
        for (Message message : messages) {
            boolean isDeveloper = message.getRole().equals("developer");
            if (isDeveloper && !renamed.isEmpty() && renamed.getLast().getRole().equals(SYSTEM)) {
                Message before = renamed.removeLast();
                renamed.add(Message.newBuilder(before)
                        .setContent(before.getContent() + "\n\n" + message.getContent())
                        .build());
            } else if (isDeveloper) {
                renamed.add(Message.newBuilder(message).setRole(SYSTEM).build());
            } else {
                renamed.add(message);
            }
        }
        return renamed;
    }

    private String content(Message message, boolean judged) {
        String content = message.getContent() == null ? "" : message.getContent();
        String reasoning = message.getReasoningContent();
        return this == INLINE && judged && reasoning != null && !reasoning.isBlank()
                ? "<think>\n" + reasoning + "\n</think>\n\n" + content
                : content;
    }

    private GenericData.Record struct(Message message, String content) {
        GenericData.Record element = new GenericData.Record(struct());
        element.put("role", message.getRole());
        element.put("content", content);
        if (key != null) {
            element.put(key, reasoning(message));
        }
        return element;
    }

    /** Templates of Harmony search the thinking of every turn of the assistant, and fail on null. */
    private @Nullable String reasoning(Message message) {
        String reasoning = message.getReasoningContent();
        return reasoning == null && this == THINKING ? "" : reasoning;
    }

    private String json(Message message, String content) {
        ObjectNode json = JsonText.MAPPER.createObjectNode();
        json.put("role", message.getRole());
        json.put("content", content);
        if (key != null) {
            putIfPresent(json, key, message.getReasoningContent());
        }
        if (message.getToolCalls() != null) {
            json.set("tool_calls", toolCalls(message.getToolCalls()));
        }
        putIfPresent(json, "tool_call_id", message.getToolCallId());
        putIfPresent(json, "name", message.getName());
        return JsonText.write(json);
    }

    private static void putIfPresent(ObjectNode json, String name, @Nullable String text) {
        if (text != null) {
            json.put(name, text);
        }
    }

    /** Templates read members of the arguments; servers write the arguments as text. Text that is no object stays text. */
    private static JsonNode toolCalls(String text) {
        Optional<JsonNode> parsed = JsonText.parse(text).filter(JsonNode::isArray);
        if (parsed.isEmpty()) {
            return JsonText.MAPPER.getNodeFactory().textNode(text);
        }
        ArrayNode calls = (ArrayNode) parsed.get();
        for (JsonNode call : calls) {
            if (call.path("function") instanceof ObjectNode function
                    && function.path("arguments").isTextual()) {
                JsonText.parse(function.path("arguments").textValue())
                        .filter(JsonNode::isObject)
                        .ifPresent(arguments -> function.set("arguments", arguments));
            }
        }
        return calls;
    }

    /** Tool definitions: a list of JSON objects. */
    static Schema toolsSchema() {
        return Schema.createUnion(Schema.create(Schema.Type.NULL), Schema.createArray(JsonText.schema()));
    }

    /** The elements of such a list; null for a row without tools: templates write an introduction to an empty list. */
    static @Nullable List<String> tools(@Nullable String tools) {
        if (tools == null) {
            return null;
        }
        JsonNode parsed = JsonText.parse(tools)
                .orElseThrow(() -> new IllegalArgumentException("the tools of a prompt are no JSON"));
        List<String> elements = new ArrayList<>();
        if (parsed.isArray()) {
            parsed.forEach(tool -> elements.add(JsonText.write(tool)));
        } else {
            elements.add(JsonText.write(parsed));
        }
        return elements;
    }
}
