package dev.precept.schemas;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.precept.content.CanonicalJson;
import dev.precept.content.Sha256;
import dev.precept.records.Completion;
import dev.precept.records.Message;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Content hashes of prompts, completions and samples: the SHA-256 of their canonical JSON. */
public final class ContentId {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ContentId() {}

    /**
     * The prompt id: the hash of the canonical conversation, RFC 8785 JSON of {@code messages} and {@code tools}. Texts are
     * hashed unchanged; categories and metadata are excluded.
     *
     * @param tools a JSON array as text
     */
    public static String ofPrompt(List<Message> messages, @Nullable String tools) {
        return Sha256.hex(canonicalPrompt(messages, tools));
    }

    /** The text that {@link #ofPrompt} hashes. */
    public static String canonicalPrompt(List<Message> messages, @Nullable String tools) {
        ObjectNode conversation = JsonNodeFactory.instance.objectNode();
        conversation.set("messages", canonical(messages, ContentId::parsed));
        if (tools != null) {
            conversation.set("tools", parsed(tools));
        }
        return CanonicalJson.of(conversation);
    }

    /**
     * The hash of a completion's text, without the model that generated it. The ledger rejects a verdict that names another
     * hash than its candidate's.
     */
    public static String ofCompletion(Completion completion) {
        ObjectNode text = JsonNodeFactory.instance.objectNode();
        putIfPresent(text, "reasoning", completion.getReasoning());
        text.put("answer", completion.getAnswer());
        putIfPresent(text, "tool_calls", completion.getToolCalls());
        return Sha256.hex(CanonicalJson.of(text));
    }

    /**
     * The hash of a sample's whole conversation with reasoning. Samples with the same hash are exact duplicates. Unlike a
     * prompt's, its tool calls come from a model: where they have no canonical form, their text is hashed.
     */
    public static String ofSample(List<Message> messages, @Nullable String tools) {
        ObjectNode conversation = JsonNodeFactory.instance.objectNode();
        conversation.set("messages", canonical(messages, ContentId::parsedOrText));
        if (tools != null) {
            conversation.set("tools", parsedOrText(tools));
        }
        return Sha256.hex(CanonicalJson.of(conversation));
    }

    /** Whether a text is JSON whose numbers are all finite doubles. */
    public static boolean hasCanonicalForm(String json) {
        return withCanonicalForm(json).isPresent();
    }

    private static JsonNode parsedOrText(String json) {
        return withCanonicalForm(json).orElseGet(() -> TextNode.valueOf(json));
    }

    private static Optional<JsonNode> withCanonicalForm(String json) {
        try {
            JsonNode value = parsed(json);
            CanonicalJson.of(value);
            return Optional.of(value);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static ArrayNode canonical(List<Message> messages, Function<String, JsonNode> toolCalls) {
        ArrayNode turns = JsonNodeFactory.instance.arrayNode();
        for (Message message : messages) {
            ObjectNode turn = turns.addObject();
            turn.put("role", message.getRole());
            putIfPresent(turn, "content", message.getContent());
            putIfPresent(turn, "reasoning_content", message.getReasoningContent());
            putIfPresent(turn, "tool_call_id", message.getToolCallId());
            putIfPresent(turn, "name", message.getName());
            if (message.getToolCalls() != null) {
                turn.set("tool_calls", toolCalls.apply(message.getToolCalls()));
            }
        }
        return turns;
    }

    private static JsonNode parsed(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static void putIfPresent(ObjectNode object, String name, @Nullable String text) {
        if (text != null) {
            object.put(name, text);
        }
    }
}
