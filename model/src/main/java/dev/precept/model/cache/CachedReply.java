package dev.precept.model.cache;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.model.Reply;
import dev.precept.model.TokenUsage;
import dev.precept.model.UntrustedText;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The stored form of an answer. Parsed strictly: an entry that deviates from the format is no answer. */
final class CachedReply {
    private static final int VERSION = 1;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private CachedReply() {}

    /** @throws JsonProcessingException if UTF-8 cannot encode the answer */
    static byte[] write(Reply.Answered reply) throws JsonProcessingException {
        ObjectNode json = JSON.createObjectNode().put("v", VERSION);
        json.put("finish_reason", reply.finishReason());
        json.put("reasoning", reply.reasoning());
        json.put("content", reply.content());
        json.put("tool_calls", reply.toolCallsJson());
        json.putObject("usage")
                .put("prompt", reply.usage().prompt())
                .put("cached", reply.usage().cached())
                .put("completion", reply.usage().completion())
                .put("reasoning", reply.usage().reasoning())
                .put("known", reply.usage().isKnown());
        json.put("model", reply.model());
        json.put("fingerprint", reply.server().fingerprint());
        reply.server().omittedFields().stream().sorted().forEach(json.putArray("omitted_fields")::add);
        return JSON.writeValueAsBytes(json);
    }

    /** The answer, marked as a cache hit; empty if the entry is invalid. */
    static Optional<Reply.Answered> read(byte[] bytes) {
        try {
            JsonNode json = JSON.readTree(bytes);
            JsonNode version = json.path("v");
            if (!version.isInt() || version.intValue() != VERSION) {
                return Optional.empty();
            }
            JsonNode usage = json.required("usage");
            return Optional.of(new Reply.Answered(
                    text(json, "finish_reason"),
                    textOrNull(json, "reasoning"),
                    text(json, "content"),
                    textOrNull(json, "tool_calls"),
                    new TokenUsage(
                            count(usage, "prompt"),
                            usage.has("cached") ? count(usage, "cached") : 0,
                            count(usage, "completion"),
                            count(usage, "reasoning"),
                            usage.path("known").asBoolean(true)),
                    text(json, "model"),
                    server(json),
                    true));
        } catch (IOException | IllegalArgumentException damaged) {
            return Optional.empty();
        }
    }

    /** Absent in entries of earlier builds. */
    private static Reply.ServerInfo server(JsonNode json) {
        Set<String> omitted = new HashSet<>();
        json.path("omitted_fields").forEach(field -> omitted.add(field.asText()));
        String fingerprint = json.has("fingerprint") ? textOrNull(json, "fingerprint") : null;
        return new Reply.ServerInfo(fingerprint, omitted);
    }

    private static String text(JsonNode json, String field) {
        String text = textOrNull(json, field);
        if (text == null) {
            throw new IllegalArgumentException(field + " is missing");
        }
        return text;
    }

    private static @Nullable String textOrNull(JsonNode json, String field) {
        JsonNode value = json.required(field);
        boolean readable = value.isNull() || (value.isTextual() && UntrustedText.isWellFormed(value.textValue()));
        if (!readable) {
            throw new IllegalArgumentException(field + " is not text");
        }
        return value.textValue();
    }

    private static long count(JsonNode json, String field) {
        JsonNode value = json.required(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException(field + " is not a count");
        }
        return value.longValue();
    }
}
