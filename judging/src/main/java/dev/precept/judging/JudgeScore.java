package dev.precept.judging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.model.ResponseSchema;
import dev.precept.records.ResponseStyle;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The score that a judge returns. Parsed strictly: an answer that deviates from the schema is no vote.
 *
 * @param score overall, 0-10
 * @param agree whether the answer agrees with the side information; null where there is none
 */
record JudgeScore(
        int score, Map<String, Double> criteria, @Nullable Boolean agree, ResponseStyle style, String reason) {
    private static final int HIGHEST = 10;
    private static final List<String> CRITERIA = List.of("correctness", "helpfulness", "compliance", "reasoning");
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** The response schema of the request; with side information it includes {@code agree}. */
    static ResponseSchema schema(boolean sideInfo) {
        ObjectNode schema = object();
        ObjectNode properties = schema.withObject("properties");
        ObjectNode criteria = object();
        CRITERIA.forEach(name -> criteria.withObject("properties").set(name, integer()));
        CRITERIA.forEach(criteria.putArray("required")::add);
        properties.set("criteria", criteria);
        properties.set("score", integer());
        if (sideInfo) {
            properties.putObject("agree").put("type", "boolean");
        }
        ObjectNode style = properties.putObject("response_style").put("type", "string");
        for (ResponseStyle known : ResponseStyle.values()) {
            style.withArray("enum").add(label(known));
        }
        properties.putObject("reason").put("type", "string");
        var required = schema.putArray("required");
        properties.fieldNames().forEachRemaining(required::add);
        return new ResponseSchema("vote", schema);
    }

    /** Whether an answer is a valid vote under the schema of its request. */
    static boolean isVote(String answer, ResponseSchema schema) {
        return read(answer, schema.schema().path("properties").has("agree")).isPresent();
    }

    /** Parses an answer; empty if it is no valid vote. */
    static Optional<JudgeScore> read(String answer, boolean sideInfo) {
        JsonNode json;
        try {
            json = JSON.readTree(answer);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
        Set<String> expected = new HashSet<>(Set.of("criteria", "score", "response_style", "reason"));
        if (sideInfo) {
            expected.add("agree");
        }
        if (json == null || !json.isObject() || !names(json).equals(expected)) {
            return Optional.empty();
        }
        Map<String, Double> criteria = criteria(json.get("criteria"));
        ResponseStyle style = style(json.get("response_style").asText());
        boolean valid = inRange(json.get("score"))
                && criteria != null
                && style != null
                && json.get("reason").isTextual()
                && (!sideInfo || json.get("agree").isBoolean());
        if (!valid || criteria == null || style == null) {
            return Optional.empty();
        }
        Boolean agree = sideInfo ? json.get("agree").booleanValue() : null;
        return Optional.of(new JudgeScore(
                json.get("score").intValue(),
                criteria,
                agree,
                style,
                json.get("reason").textValue()));
    }

    private static @Nullable Map<String, Double> criteria(JsonNode node) {
        if (!node.isObject() || !names(node).equals(Set.copyOf(CRITERIA))) {
            return null;
        }
        Map<String, Double> criteria = new LinkedHashMap<>();
        for (String name : CRITERIA) {
            if (!inRange(node.get(name))) {
                return null;
            }
            criteria.put(name, node.get(name).doubleValue());
        }
        return criteria;
    }

    private static boolean inRange(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToInt() && node.intValue() >= 0 && node.intValue() <= HIGHEST;
    }

    private static @Nullable ResponseStyle style(String label) {
        for (ResponseStyle style : ResponseStyle.values()) {
            if (label(style).equals(label)) {
                return style;
            }
        }
        return null;
    }

    private static String label(ResponseStyle style) {
        return style.name().toLowerCase(Locale.ROOT);
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new HashSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static ObjectNode object() {
        return JSON.createObjectNode().put("type", "object").put("additionalProperties", false);
    }

    private static ObjectNode integer() {
        return JSON.createObjectNode().put("type", "integer").put("minimum", 0).put("maximum", HIGHEST);
    }
}
