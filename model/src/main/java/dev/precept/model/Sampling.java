package dev.precept.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sampling parameters. A null value is not sent, so that the server's default applies.
 *
 * @param effort reasoning effort, a value of the server such as {@code low}
 * @param maxTokens limit on reasoning and answer together
 * @param extra further fields of the request body that are specific to the server: a JSON object in canonical form, so
 *     that equal fields are equal text. It holds none of {@link #OWN_FIELDS}
 */
public record Sampling(
        @Nullable Double temperature,
        @Nullable Double topP,
        @Nullable String effort,
        int maxTokens,
        String extra) {
    /** No further fields. */
    public static final String NO_EXTRA = "{}";

    /** Fields that must not be extra: Precept sets them, or they must not be set. */
    public static final Set<String> OWN_FIELDS = Set.of(
            "model",
            "messages",
            "tools",
            "max_tokens",
            "max_completion_tokens",
            "temperature",
            "top_p",
            "seed",
            "response_format",
            "reasoning_effort",
            "stream",
            "stream_options",
            "n");

    private static final ObjectMapper JSON = new ObjectMapper();

    public Sampling {
        if (temperature != null && !(temperature >= 0 && temperature <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("temperature must be 0 or more, not " + temperature);
        }
        if (topP != null && !(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException("top_p must be above 0 and at most 1, not " + topP);
        }
        if (maxTokens < 1) {
            throw new IllegalArgumentException("max_tokens must be at least 1, not " + maxTokens);
        }
        for (Map.Entry<String, JsonNode> field : object(extra).properties()) {
            if (OWN_FIELDS.contains(field.getKey())) {
                throw new IllegalArgumentException(field.getKey() + " is set by Precept and cannot be extra");
            }
        }
    }

    /** Without extra fields. */
    public Sampling(@Nullable Double temperature, @Nullable Double topP, @Nullable String effort, int maxTokens) {
        this(temperature, topP, effort, maxTokens, NO_EXTRA);
    }

    public Sampling withMaxTokens(int limit) {
        return new Sampling(temperature, topP, effort, limit, extra);
    }

    /** {@code extra} as JSON. */
    public ObjectNode extraFields() {
        return object(extra);
    }

    private static ObjectNode object(String json) {
        try {
            if (JSON.readTree(json) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException("extra fields must be a JSON object", broken);
        }
        throw new IllegalArgumentException("extra fields must be a JSON object");
    }
}
