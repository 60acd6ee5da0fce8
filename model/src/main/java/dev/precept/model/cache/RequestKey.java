package dev.precept.model.cache;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.precept.content.Sha256;
import dev.precept.model.ChatMessage;
import dev.precept.model.ChatRequest;
import dev.precept.model.MessageContent;
import dev.precept.model.PreEncodedText;
import dev.precept.model.ReplyListener;
import dev.precept.model.ResponseSchema;
import dev.precept.model.Sampling;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cache key of a request: the SHA-256 of everything that the answer may depend on, as JSON in a fixed order.
 * Endpoint and timeout are not part of it.
 *
 * <p>Seed and nonce already identify a call of a task, but a seed has only 31 bits, only the prompt templates contain a
 * nonce, and neither changes with the model or the temperature. So the key covers the whole request. It includes the
 * variant, so that the votes of a judge stay separate calls.
 */
final class RequestKey {
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();

    private RequestKey() {}

    static String of(ChatRequest request) {
        MessageDigest sha256 = Sha256.newDigest();
        try (JsonGenerator json =
                JSON.createGenerator(new DigestOutputStream(OutputStream.nullOutputStream(), sha256))) {
            write(request, json);
        } catch (IOException e) {
            throw new UncheckedIOException("a request could not be written as JSON", e);
        }
        return Sha256.hex(sha256);
    }

    /** Uses record patterns, so that a new component of a request does not compile until it is handled here. */
    private static void write(ChatRequest request, JsonGenerator json) throws IOException {
        switch (request) {
            case ChatRequest(
                    String model,
                    List<ChatMessage> messages,
                    JsonNode tools,
                    Sampling sampling,
                    ResponseSchema schema,
                    long seed,
                    Duration _,
                    String variant,
                    String _,
                    ReplyListener _) -> {
                json.writeStartObject();
                json.writeStringField("model", model);
                json.writeArrayFieldStart("messages");
                for (ChatMessage message : messages) {
                    write(message, json);
                }
                json.writeEndArray();
                tree("tools", tools, json);
                write(sampling, json);
                json.writeStringField("schema_name", schema == null ? null : schema.name());
                tree("schema", schema == null ? null : schema.schema(), json);
                json.writeNumberField("seed", seed);
                json.writeStringField("variant", variant);
                json.writeEndObject();
            }
        }
    }

    private static void write(ChatMessage message, JsonGenerator json) throws IOException {
        switch (message) {
            case ChatMessage(
                    String role,
                    MessageContent content,
                    String reasoningContent,
                    JsonNode toolCalls,
                    String toolCallId,
                    String name) -> {
                json.writeStartObject();
                json.writeStringField("role", role);
                write(content, json);
                json.writeStringField("reasoning_content", reasoningContent);
                tree("tool_calls", toolCalls, json);
                json.writeStringField("tool_call_id", toolCallId);
                json.writeStringField("name", name);
                json.writeEndObject();
            }
        }
    }

    /** Of a text that many requests share only the hash is written: its own was computed once. */
    private static void write(@Nullable MessageContent content, JsonGenerator json) throws IOException {
        json.writeFieldName("content");
        if (content == null) {
            json.writeNull();
        } else if (content.pieces().stream().noneMatch(PreEncodedText.class::isInstance)) {
            json.writeString(content.toString());
        } else {
            json.writeStartArray();
            for (CharSequence piece : content.pieces()) {
                if (piece instanceof PreEncodedText shared) {
                    json.writeStartObject();
                    json.writeStringField("sha256", shared.sha256());
                    json.writeEndObject();
                } else {
                    json.writeString(piece.toString());
                }
            }
            json.writeEndArray();
        }
    }

    private static void write(Sampling sampling, JsonGenerator json) throws IOException {
        switch (sampling) {
            case Sampling(Double temperature, Double topP, String effort, int maxTokens, String extra) -> {
                json.writeStringField("extra", extra);
                json.writeStringField("temperature", temperature == null ? null : temperature.toString());
                json.writeStringField("top_p", topP == null ? null : topP.toString());
                json.writeStringField("effort", effort);
                json.writeNumberField("max_tokens", maxTokens);
            }
        }
    }

    private static void tree(String field, @Nullable JsonNode value, JsonGenerator json) throws IOException {
        json.writeFieldName(field);
        if (value == null) {
            json.writeNull();
        } else {
            JSON.writeTree(json, value);
        }
    }
}
