package dev.precept.model.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Assembles the completion of a stream of server-sent events. Each {@code data} line holds one chunk of the
 * chat-completions API; {@code [DONE]} or a finish reason ends it.
 */
final class EventStream {
    static final String MEDIA_TYPE = "text/event-stream";

    private static final List<String> TEXTS = List.of("reasoning", "reasoning_content", "refusal");
    private static final String DONE = "[DONE]";

    private final ObjectNode completion = Json.MAPPER.createObjectNode();
    private final Map<String, StringBuilder> texts = new LinkedHashMap<>();
    private final StringBuilder content = new StringBuilder();
    /** Content in parts, where the server streams parts and not text. */
    private final ArrayNode parts = Json.MAPPER.createArrayNode();

    private final Map<Integer, ObjectNode> toolCalls = new TreeMap<>();
    private @Nullable String finishReason;
    private boolean started;
    private boolean done;

    private EventStream() {}

    /** The completion; one with an error if the stream holds one or ended early. */
    static JsonNode assemble(String text) throws Json.InvalidJsonException {
        EventStream stream = new EventStream();
        for (String line : text.lines().toList()) {
            if (line.startsWith("data:") && !stream.completion.has("error")) {
                stream.data(line.substring("data:".length()).strip());
            }
        }
        return stream.completion();
    }

    private void data(String data) throws Json.InvalidJsonException {
        if (data.isEmpty()) {
            return;
        }
        if (data.equals(DONE)) {
            done = true;
            return;
        }
        JsonNode chunk;
        try {
            chunk = Json.MAPPER.readTree(data);
        } catch (JsonProcessingException e) {
            throw new Json.InvalidJsonException("a stream with a broken event");
        }
        for (String field : List.of("error", "model", "system_fingerprint", "usage")) {
            if (chunk.hasNonNull(field)) {
                completion.set(field, chunk.get(field));
            }
        }
        JsonNode choice = chunk.path("choices").path(0);
        if (choice.isObject() && choice.path("index").asInt(0) == 0) {
            choice(choice);
        }
    }

    private void choice(JsonNode choice) {
        started = true;
        if (choice.hasNonNull("error")) {
            completion.set("error", choice.get("error"));
        }
        if (choice.path("finish_reason").isTextual()) {
            finishReason = choice.get("finish_reason").textValue();
        }
        JsonNode delta = choice.hasNonNull("delta") ? choice.get("delta") : choice.path("message");
        JsonNode text = delta.path("content");
        if (text.isArray()) {
            parts.addAll((ArrayNode) text);
        } else if (text.isTextual()) {
            content.append(text.textValue());
        }
        for (String field : TEXTS) {
            if (delta.path(field).isTextual()) {
                texts.computeIfAbsent(field, _ -> new StringBuilder())
                        .append(delta.get(field).textValue());
            }
        }
        delta.path("tool_calls").forEach(this::toolCall);
    }

    /** The first piece of a call names it; the others continue its arguments. */
    private void toolCall(JsonNode piece) {
        ObjectNode call = toolCalls.computeIfAbsent(
                piece.path("index").asInt(toolCalls.size()), _ -> Json.MAPPER.createObjectNode());
        for (String field : List.of("id", "type")) {
            if (piece.path(field).isTextual() && !call.has(field)) {
                call.set(field, piece.get(field));
            }
        }
        ObjectNode function = call.withObject("function");
        for (String field : List.of("name", "arguments")) {
            if (piece.path("function").path(field).isTextual()) {
                String before = function.path(field).asText("");
                function.put(field, before + piece.path("function").path(field).textValue());
            }
        }
    }

    private JsonNode completion() {
        if (completion.has("error")) {
            return completion;
        }
        if (!done && finishReason == null) {
            completion.putObject("error").put("code", "stream_ended_early");
            return completion;
        }
        ArrayNode choices = completion.putArray("choices");
        if (started) {
            ObjectNode choice = choices.addObject().put("finish_reason", finishReason);
            ObjectNode message = choice.putObject("message").put("role", "assistant");
            if (!parts.isEmpty()) {
                if (!content.isEmpty()) {
                    parts.addObject().put("type", "text").put("text", content.toString());
                }
                message.set("content", parts);
            } else {
                message.put("content", content.toString());
            }
            texts.forEach((field, text) -> message.put(field, text.toString()));
            toolCalls.values().forEach(message.withArray("tool_calls")::add);
        }
        return completion;
    }
}
