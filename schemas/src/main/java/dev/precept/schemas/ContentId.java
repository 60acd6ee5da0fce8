package dev.precept.schemas;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.content.CanonicalJson;
import dev.precept.records.Completion;
import dev.precept.records.Message;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names made from content: lower-case hexadecimal SHA-256, 64 characters. */
public final class ContentId {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ContentId() {}

    /** The SHA-256 of a text's UTF-8 bytes. */
    public static String of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The SHA-256 of bytes. */
    public static String of(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    /** A fresh SHA-256, for content that is read in pieces. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /**
     * The prompt id: the hash of the canonical conversation, RFC 8785 JSON of {@code messages} and {@code tools}. Texts are
     * untouched; categories and side information are not part of it.
     *
     * @param tools a JSON array as text
     */
    public static String ofPrompt(List<Message> messages, @Nullable String tools) {
        ObjectNode conversation = JsonNodeFactory.instance.objectNode();
        conversation.set("messages", canonical(messages));
        if (tools != null) {
            conversation.set("tools", parsed(tools));
        }
        return of(CanonicalJson.of(conversation));
    }

    /** What a completion says, whoever said it: the ledger's guard against a verdict on other bytes. */
    public static String ofCompletion(Completion completion) {
        ObjectNode said = JsonNodeFactory.instance.objectNode();
        putIfPresent(said, "reasoning", completion.getReasoning());
        said.put("answer", completion.getAnswer());
        putIfPresent(said, "tool_calls", completion.getToolCalls());
        return of(CanonicalJson.of(said));
    }

    /** The content of a sample: its whole conversation with reasoning. Two samples of one content are exact duplicates. */
    public static String ofSample(List<Message> messages, @Nullable String tools) {
        return ofPrompt(messages, tools);
    }

    private static ArrayNode canonical(List<Message> messages) {
        ArrayNode turns = JsonNodeFactory.instance.arrayNode();
        for (Message message : messages) {
            ObjectNode turn = turns.addObject();
            turn.put("role", message.getRole());
            putIfPresent(turn, "content", message.getContent());
            putIfPresent(turn, "reasoning_content", message.getReasoningContent());
            putIfPresent(turn, "tool_call_id", message.getToolCallId());
            putIfPresent(turn, "name", message.getName());
            if (message.getToolCalls() != null) {
                turn.set("tool_calls", parsed(message.getToolCalls()));
            }
        }
        return turns;
    }

    private static com.fasterxml.jackson.databind.JsonNode parsed(String json) {
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
