package dev.precept.judging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.model.ResponseSchema;
import dev.precept.model.TextLimit;
import dev.precept.records.ResponseStyle;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The score that a judge returns. It is read leniently in form: the last JSON object of an answer, in a code fence or with
 * text around it, with further keys and numbers as text. It is read strictly in value: a missing member, or a grade that is
 * no whole number from 0 to 10, is no vote, and neither are two.
 *
 * @param score overall, 0-10
 * @param agree whether the answer agrees with the side information; null where there is none
 */
record JudgeScore(
        int score, Map<String, Double> criteria, @Nullable Boolean agree, ResponseStyle style, String reason) {
    private static final int HIGHEST = 10;
    private static final List<String> CRITERIA = List.of("correctness", "helpfulness", "compliance", "reasoning");
    private static final Pattern WHOLE_NUMBER = Pattern.compile("\\s*(?:10|[0-9])(?:\\.0+)?\\s*");

    /**
     * The response schema of the request; with side information it includes {@code agree}. A server that enforces it writes
     * the members in this order: the reason comes before the score that follows from it.
     */
    static ResponseSchema schema(boolean sideInfo) {
        ObjectNode schema = object();
        ObjectNode properties = schema.withObject("properties");
        properties.putObject("reason").put("type", "string");
        ObjectNode criteria = object();
        CRITERIA.forEach(name -> criteria.withObject("properties").set(name, integer()));
        CRITERIA.forEach(criteria.putArray("required")::add);
        properties.set("criteria", criteria);
        if (sideInfo) {
            properties.putObject("agree").put("type", "boolean");
        }
        ObjectNode style = properties.putObject("response_style").put("type", "string");
        for (ResponseStyle known : ResponseStyle.values()) {
            style.withArray("enum").add(label(known));
        }
        properties.set("score", integer());
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

    /** Parses an answer: its last JSON object, if no other object of it is a vote too. */
    static Parsed read(String answer, boolean sideInfo) {
        List<JsonObjects.Found> objects = JsonObjects.find(answer);
        if (objects.isEmpty()) {
            return new Parsed.Invalid("the answer holds no JSON object");
        }
        long votes = objects.stream().filter(JudgeScore::isMeantAsVote).count();
        return votes > 1
                ? new Parsed.Invalid("the answer holds " + votes + " votes, and one is asked for")
                : read(objects.getLast(), sideInfo);
    }

    private static boolean isMeantAsVote(JsonObjects.Found found) {
        return found.object().has("score") || found.object().has("criteria");
    }

    private static Parsed read(JsonObjects.Found found, boolean sideInfo) {
        if (found.repeatsKey()) {
            return new Parsed.Invalid("a key occurs twice");
        }
        try {
            JsonNode json = found.object();
            JsonNode graded = required("", json, "criteria");
            Map<String, Double> criteria = new LinkedHashMap<>();
            for (String name : CRITERIA) {
                criteria.put(name, (double) grade("criteria." + name, required("criteria.", graded, name)));
            }
            return new Parsed.Valid(new JudgeScore(
                    grade("score", required("", json, "score")),
                    criteria,
                    sideInfo ? agreement(required("", json, "agree")) : null,
                    style(required("", json, "response_style")),
                    reason(required("", json, "reason"))));
        } catch (InvalidFieldException invalid) {
            return new Parsed.Invalid(String.valueOf(invalid.getMessage()));
        }
    }

    /** A field is missing or has no valid value. */
    private static final class InvalidFieldException extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidFieldException(String message) {
            super(message, null, false, false);
        }
    }

    private static JsonNode required(String path, JsonNode object, String name) throws InvalidFieldException {
        JsonNode value = object.get(name);
        if (value == null) {
            throw new InvalidFieldException(path + name + " is missing");
        }
        return value;
    }

    /** A whole number is valid in any notation, also as text: for JSON Schema, 9.0 is an integer. */
    private static int grade(String name, JsonNode node) throws InvalidFieldException {
        double value = node.doubleValue();
        if (node.isTextual() && WHOLE_NUMBER.matcher(node.textValue()).matches()) {
            value = Double.parseDouble(node.textValue());
        } else if (!node.isNumber()) {
            throw new InvalidFieldException(
                    name + (node.isTextual() ? " is text and no whole number" : " is no number"));
        }
        if (value != Math.rint(value) || !(value >= 0) || value > HIGHEST) {
            throw new InvalidFieldException(name + " is " + value + ", not a whole number from 0 to " + HIGHEST);
        }
        return (int) value;
    }

    private static boolean agreement(JsonNode node) throws InvalidFieldException {
        String word = node.asText().strip().toLowerCase(Locale.ROOT);
        if (!word.equals("true") && !word.equals("false")) {
            throw new InvalidFieldException("agree is not true or false");
        }
        return word.equals("true");
    }

    /** The name in any case, with spaces or hyphens for underscores. */
    private static ResponseStyle style(JsonNode node) throws InvalidFieldException {
        String label =
                node.asText().strip().toLowerCase(Locale.ROOT).replace(' ', '_').replace('-', '_');
        for (ResponseStyle style : ResponseStyle.values()) {
            if (node.isTextual() && label(style).equals(label)) {
                return style;
            }
        }
        throw new InvalidFieldException("response_style is none of the schema");
    }

    private static String reason(JsonNode node) throws InvalidFieldException {
        if (!node.isTextual()) {
            throw new InvalidFieldException("reason is not text");
        }
        return TextLimit.cut(node.textValue(), TextLimit.EXPLANATION_BYTES);
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
