package dev.precept.judging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.model.ResponseSchema;
import dev.precept.model.TextLimit;
import dev.precept.records.ResponseStyle;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The score that a judge returns. An answer holds exactly one vote, possibly in a code fence or with text around it; a vote
 * that deviates from the schema is invalid.
 *
 * @param score overall, 0-10
 * @param agree whether the answer agrees with the side information; null where there is none
 */
record JudgeScore(
        int score, Map<String, Double> criteria, @Nullable Boolean agree, ResponseStyle style, String reason) {
    private static final int HIGHEST = 10;
    private static final List<String> CRITERIA = List.of("correctness", "helpfulness", "compliance", "reasoning");
    private static final int MAX_NAME_BYTES = 64;

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

    /** The result of parsing an answer. */
    sealed interface Parsed {
        record Valid(JudgeScore score) implements Parsed {}

        /** @param why in a few words, with nothing of the answer but names of fields and numbers */
        record Invalid(String why) implements Parsed {}
    }

    /** Whether an answer is a valid vote under the schema of its request. */
    static boolean isVote(String answer, ResponseSchema schema) {
        return read(answer, schema.schema().path("properties").has("agree")) instanceof Parsed.Valid;
    }

    /** Parses an answer. Of several votes in it none is preferred, unless all are equal. */
    static Parsed read(String answer, boolean sideInfo) {
        List<JsonNode> objects = JsonObjects.find(answer);
        Set<Parsed> parsed = new LinkedHashSet<>();
        objects.forEach(object -> parsed.add(read(object, sideInfo)));
        if (parsed.isEmpty()) {
            return new Parsed.Invalid("the answer holds no JSON object");
        }
        if (parsed.size() > 1) {
            parsed.removeIf(Parsed.Invalid.class::isInstance);
        }
        return parsed.size() == 1
                ? parsed.iterator().next()
                : new Parsed.Invalid("the answer holds " + objects.size() + " JSON objects and not one vote");
    }

    private static Parsed read(JsonNode json, boolean sideInfo) {
        Set<String> expected = new LinkedHashSet<>(List.of("criteria", "score", "response_style", "reason"));
        if (sideInfo) {
            expected.add("agree");
        }
        ResponseStyle style = style(json.path("response_style").asText());
        Optional<String> fault = fieldFault("", json, expected)
                .or(() -> fieldFault("criteria", json.get("criteria"), CRITERIA))
                .or(() -> scoreFaults(json))
                .or(() -> style == null ? Optional.of("response_style is none of the schema") : Optional.empty())
                .or(() -> json.get("reason").isTextual() ? Optional.empty() : Optional.of("reason is not text"))
                .or(() -> !sideInfo || json.get("agree").isBoolean()
                        ? Optional.empty()
                        : Optional.of("agree is not true or false"));
        if (fault.isPresent() || style == null) {
            return new Parsed.Invalid(fault.orElse(""));
        }
        Map<String, Double> criteria = new LinkedHashMap<>();
        CRITERIA.forEach(
                name -> criteria.put(name, json.get("criteria").get(name).doubleValue()));
        return new Parsed.Valid(new JudgeScore(
                json.get("score").intValue(),
                criteria,
                sideInfo ? json.get("agree").booleanValue() : null,
                style,
                TextLimit.cut(json.get("reason").textValue(), TextLimit.EXPLANATION_BYTES)));
    }

    private static Optional<String> fieldFault(String parent, @Nullable JsonNode object, Collection<String> expected) {
        String path = parent.isEmpty() ? "" : parent + ".";
        if (object == null || !object.isObject()) {
            return Optional.of(parent + " is no object");
        }
        for (String name : expected) {
            if (!object.has(name)) {
                return Optional.of(path + name + " is missing");
            }
        }
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (!expected.contains(member.getKey())) {
                return Optional.of(path + TextLimit.cut(member.getKey(), MAX_NAME_BYTES) + " is not in the schema");
            }
        }
        return Optional.empty();
    }

    private static Optional<String> scoreFaults(JsonNode json) {
        return scoreFault("score", json.get("score"))
                .or(() -> CRITERIA.stream()
                        .flatMap(name -> scoreFault(
                                "criteria." + name, json.get("criteria").get(name))
                                .stream())
                        .findFirst());
    }

    /** A whole number is valid in any notation: for JSON Schema, 9.0 is an integer. */
    private static Optional<String> scoreFault(String name, JsonNode node) {
        double value = node.doubleValue();
        if (!node.isNumber()) {
            return Optional.of(name + " is no number");
        }
        return value == Math.rint(value) && value >= 0 && value <= HIGHEST
                ? Optional.empty()
                : Optional.of(name + " is " + value + ", not a whole number from 0 to " + HIGHEST);
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

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode().put("type", "object").put("additionalProperties", false);
    }

    private static ObjectNode integer() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", "integer")
                .put("minimum", 0)
                .put("maximum", HIGHEST);
    }
}
