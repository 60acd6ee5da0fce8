package dev.precept.model.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.model.ChatMessage;
import dev.precept.model.ChatRequest;
import dev.precept.model.MessageContent;
import dev.precept.model.PreEncodedText;
import dev.precept.model.ResponseSchema;
import dev.precept.model.Sampling;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a request in the format of the chat-completions API. Parameters that are not set are left out. */
final class RequestBody {
    private final List<byte[]> pieces = new ArrayList<>();
    private final ByteArrayOutputStream current = new ByteArrayOutputStream();

    private RequestBody() {}

    /** The body in pieces, with its length; text that requests share is not copied. */
    static BodyPublisher of(ChatRequest request) {
        List<byte[]> pieces = write(request);
        long length = pieces.stream().mapToLong(piece -> piece.length).sum();
        return BodyPublishers.fromPublisher(BodyPublishers.ofByteArrays(pieces), length);
    }

    private static List<byte[]> write(ChatRequest request) {
        RequestBody body = new RequestBody();
        body.put("{\"messages\":[");
        for (int i = 0; i < request.messages().size(); i++) {
            body.put(i == 0 ? "{" : ",{");
            body.put(request.messages().get(i));
        }
        body.put("],");
        body.members(settings(request));
        body.put("}");
        body.close();
        return body.pieces;
    }

    private void put(ChatMessage message) {
        MessageContent content = message.content();
        if (content == null) {
            put("\"content\":null,");
        } else {
            put("\"content\":\"");
            content.pieces().forEach(this::stringPart);
            put("\",");
        }
        ObjectNode node = Json.MAPPER.createObjectNode().put("role", message.role());
        put(node, "reasoning_content", message.reasoningContent());
        if (message.toolCalls() != null) {
            node.set("tool_calls", message.toolCalls());
        }
        put(node, "tool_call_id", message.toolCallId());
        put(node, "name", message.name());
        members(node);
        put("}");
    }

    private static ObjectNode settings(ChatRequest request) {
        ObjectNode body = Json.MAPPER.createObjectNode().put("model", request.model());
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
        return body;
    }

    /** Writes a part of a JSON string. */
    private void stringPart(CharSequence text) {
        if (text instanceof PreEncodedText shared) {
            close();
            pieces.add(shared.json());
        } else {
            current.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(text.toString()));
        }
    }

    /** Writes the members of a non-empty object, without its braces. */
    private void members(ObjectNode object) {
        try {
            byte[] bytes = Json.MAPPER.writeValueAsBytes(object);
            current.write(bytes, 1, bytes.length - 2);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a request could not be written as JSON", e);
        }
    }

    private void put(String json) {
        current.writeBytes(json.getBytes(StandardCharsets.UTF_8));
    }

    private void close() {
        pieces.add(current.toByteArray());
        current.reset();
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
