package dev.precept.model.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.model.ChatMessage;
import dev.precept.model.ChatRequest;
import dev.precept.model.MessageContent;
import dev.precept.model.PreEncodedText;
import dev.precept.model.ResponseSchema;
import dev.precept.model.Sampling;
import dev.precept.model.openai.RequestEncoding.ResponseFormat;
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
    static BodyPublisher of(ChatRequest request, RequestEncoding encoding) {
        List<byte[]> pieces = write(request, encoding);
        long length = pieces.stream().mapToLong(piece -> piece.length).sum();
        return BodyPublishers.fromPublisher(BodyPublishers.ofByteArrays(pieces), length);
    }

    /** The body as text. */
    static String text(ChatRequest request, RequestEncoding encoding) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        write(request, encoding).forEach(whole::writeBytes);
        return whole.toString(StandardCharsets.UTF_8);
    }

    private static List<byte[]> write(ChatRequest request, RequestEncoding encoding) {
        RequestBody body = new RequestBody();
        body.put("{\"messages\":[");
        List<ChatMessage> messages = encoding.mergesSystem() ? merged(request) : request.messages();
        int last = messages.size() - 1;
        for (int i = 0; i <= last; i++) {
            body.put(i == 0 ? "{" : ",{");
            body.put(messages.get(i), i == last ? schemaInWords(request.schema(), encoding) : "");
        }
        body.put("],");
        body.members(settings(request, encoding));
        body.put("}");
        body.close();
        return body.pieces;
    }

    /** Whether a request begins with a system message that the user message after it can take in. */
    static boolean canMerge(ChatRequest request) {
        List<ChatMessage> messages = request.messages();
        return messages.size() > 1
                && messages.getFirst().isSystem()
                && messages.getFirst().content() != null
                && messages.get(1).role().equals("user")
                && messages.get(1).content() != null;
    }

    private static List<ChatMessage> merged(ChatRequest request) {
        List<ChatMessage> messages = request.messages();
        MessageContent system = messages.getFirst().content();
        MessageContent user = messages.size() < 2 ? null : messages.get(1).content();
        if (!canMerge(request) || system == null || user == null) {
            return messages;
        }
        List<CharSequence> pieces = new ArrayList<>(system.pieces());
        pieces.add(ChatMessage.MERGED);
        pieces.addAll(user.pieces());
        List<ChatMessage> merged = new ArrayList<>(messages.subList(1, messages.size()));
        merged.set(0, ChatMessage.user(new MessageContent(pieces)));
        return merged;
    }

    private void put(ChatMessage message, String suffix) {
        MessageContent content = message.content();
        if (content == null && suffix.isEmpty()) {
            put("\"content\":null,");
        } else {
            put("\"content\":\"");
            if (content != null) {
                content.pieces().forEach(this::stringPart);
            }
            stringPart(suffix);
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

    /** Servers that enforce no schema are told it in the request; {@code json_object} also requires the word JSON there. */
    private static String schemaInWords(@Nullable ResponseSchema schema, RequestEncoding encoding) {
        if (schema == null) {
            return "";
        }
        return switch (encoding.responseFormat()) {
            case JSON_SCHEMA, JSON_SCHEMA_WITHOUT_BOUNDS -> "";
            case JSON_OBJECT, NONE ->
                "\n\nAnswer with one JSON object and nothing else. It must be valid under this JSON Schema:\n"
                        + schema.schema();
        };
    }

    private static ObjectNode settings(ChatRequest request, RequestEncoding encoding) {
        ObjectNode body = Json.MAPPER.createObjectNode().put("model", request.model());
        if (request.tools() != null && !request.tools().isEmpty()) {
            body.set("tools", request.tools());
        }
        sampling(body, request.sampling(), encoding);
        if (request.schema() != null) {
            responseFormat(body, request.schema(), encoding.responseFormat());
        }
        if (encoding.sends(RequestEncoding.SEED)) {
            body.put(RequestEncoding.SEED, request.seed());
        }
        if (encoding.stream()) {
            body.put("stream", true);
            if (encoding.sends(RequestEncoding.STREAM_OPTIONS)) {
                body.putObject(RequestEncoding.STREAM_OPTIONS).put("include_usage", true);
            }
        }
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

    private static void responseFormat(ObjectNode body, ResponseSchema schema, ResponseFormat format) {
        switch (format) {
            case JSON_SCHEMA -> jsonSchema(body, schema.name(), schema.schema());
            case JSON_SCHEMA_WITHOUT_BOUNDS -> jsonSchema(body, schema.name(), withoutBounds(schema.schema()));
            case JSON_OBJECT -> body.putObject("response_format").put("type", "json_object");
            case NONE -> {}
        }
    }

    private static void jsonSchema(ObjectNode body, String name, JsonNode schema) {
        body.putObject("response_format")
                .put("type", "json_schema")
                .putObject("json_schema")
                .put("name", name)
                .put("strict", true)
                .set("schema", schema);
    }

    private static JsonNode withoutBounds(JsonNode schema) {
        JsonNode copy = schema.deepCopy();
        for (JsonNode typed : copy.findParents("type")) {
            if (typed instanceof ObjectNode object && object.path("type").isTextual()) {
                object.remove(List.of("minimum", "maximum"));
            }
        }
        return copy;
    }

    private static void sampling(ObjectNode body, Sampling sampling, RequestEncoding encoding) {
        switch (encoding.tokenLimitField()) {
            case MAX_TOKENS -> body.put("max_tokens", sampling.maxTokens());
            case MAX_COMPLETION_TOKENS -> body.put("max_completion_tokens", sampling.maxTokens());
            case NONE -> {}
        }
        if (sampling.temperature() != null && encoding.sends(RequestEncoding.TEMPERATURE)) {
            body.put(RequestEncoding.TEMPERATURE, sampling.temperature());
        }
        if (sampling.topP() != null && encoding.sends(RequestEncoding.TOP_P)) {
            body.put(RequestEncoding.TOP_P, sampling.topP());
        }
        put(body, "reasoning_effort", sampling.effort());
    }

    private static void put(ObjectNode node, String field, @Nullable String value) {
        if (value != null) {
            node.put(field, value);
        }
    }
}
