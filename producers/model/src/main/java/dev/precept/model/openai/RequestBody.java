package dev.precept.model.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.model.ChatMessage;
import dev.precept.model.ChatRequest;
import dev.precept.model.ResponseSchema;
import dev.precept.model.Sampling;
import org.jspecify.annotations.Nullable;

/** Writes a request as the chat-completions API wants it. What was not set is not there. */
final class RequestBody {
    private RequestBody() {}

    static byte[] write(ChatRequest request) {
        ObjectNode body = Json.MAPPER.createObjectNode().put("model", request.model());
        ArrayNode messages = body.putArray("messages");
        request.messages().forEach(message -> messages.add(message(message)));
        if (request.tools() != null && !request.tools().isEmpty()) {
            body.set("tools", request.tools());
        }
        sampling(body, request.sampling());
        ResponseSchema schema = request.schema();
        if (schema != null) {
            body.putObject("response_format")
                    .put("type", "json_schema")
                    .putObject("json_schema")
                    .put("name", schema.name())
                    .put("strict", true)
                    .set("schema", schema.schema());
        }
        body.put("seed", request.seed());
        body.setAll(request.sampling().extraFields());
        try {
            return Json.MAPPER.writeValueAsBytes(body);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a request could not be written as JSON", impossible);
        }
    }

    private static ObjectNode message(ChatMessage message) {
        ObjectNode node =
                Json.MAPPER.createObjectNode().put("role", message.role()).put("content", message.content());
        put(node, "reasoning_content", message.reasoningContent());
        if (message.toolCalls() != null) {
            node.set("tool_calls", message.toolCalls());
        }
        put(node, "tool_call_id", message.toolCallId());
        put(node, "name", message.name());
        return node;
    }

    private static void sampling(ObjectNode body, Sampling sampling) {
        body.put("max_tokens", sampling.maxTokens());
        if (sampling.temperature() != null) {
            body.put("temperature", sampling.temperature());
        }
        if (sampling.topP() != null) {
            body.put("top_p", sampling.topP());
        }
        put(body, "reasoning_effort", sampling.effort());
    }

    private static void put(ObjectNode node, String field, @Nullable String value) {
        if (value != null) {
            node.put(field, value);
        }
    }
}
