package dev.precept.model.mock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Generates a value for any JSON Schema from one verdict: a high or low number, the last or first value of an enum. Two
 * properties are special: {@code response_style} is the action, {@code agree} whether the side information names it.
 */
final class SchemaFill {
    private static final int MAX_DEPTH = 16;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final JsonNode root;
    private final boolean good;
    private final ExpectedAction expectedAction;
    private final Optional<Boolean> agrees;
    private final long seed;

    SchemaFill(JsonNode root, boolean good, ExpectedAction expectedAction, Optional<Boolean> agrees, long seed) {
        this.root = root;
        this.good = good;
        this.expectedAction = expectedAction;
        this.agrees = agrees;
        this.seed = seed;
    }

    JsonNode value() {
        return fill("", root, 0);
    }

    private JsonNode fill(String name, JsonNode schema, int depth) {
        if (depth > MAX_DEPTH) {
            return JSON.nullNode();
        }
        if (schema.has("$ref")) {
            String pointer = schema.get("$ref").asText("").replaceFirst("^#", "");
            return fill(name, pointer.startsWith("/") ? root.at(pointer) : JSON.nullNode(), depth + 1);
        }
        if (name.equals("agree") && agrees.isEmpty() && allowsNull(schema)) {
            return JSON.nullNode();
        }
        if (schema.has("const")) {
            return schema.get("const");
        }
        if (schema.has("enum")) {
            return choose(name, schema.get("enum"));
        }
        JsonNode either = schema.has("anyOf") ? schema.get("anyOf") : schema.path("oneOf");
        if (either.isArray()) {
            return fill(name, first(either, option -> !type(option).equals("null")), depth + 1);
        }
        return switch (type(schema)) {
            case "object" -> object(schema, depth);
            case "array" -> array(name, schema, depth);
            case "boolean" -> JSON.booleanNode(name.equals("agree") ? agrees.orElse(true) : good);
            case "integer" -> JSON.numberNode(Math.round(number(name, schema)));
            case "number" -> JSON.numberNode(number(name, schema));
            case "string" -> JSON.textNode(text(name, schema));
            default -> JSON.nullNode();
        };
    }

    private ObjectNode object(JsonNode schema, int depth) {
        ObjectNode object = JSON.objectNode();
        schema.path("properties")
                .properties()
                .forEach(property ->
                        object.set(property.getKey(), fill(property.getKey(), property.getValue(), depth + 1)));
        return object;
    }

    private ArrayNode array(String name, JsonNode schema, int depth) {
        ArrayNode array = JSON.arrayNode();
        int items = schema.path("minItems").asInt(schema.has("items") ? 1 : 0);
        for (int i = 0; i < items; i++) {
            array.add(fill(name, schema.path("items"), depth + 1));
        }
        return array;
    }

    private JsonNode choose(String name, JsonNode options) {
        String wanted = switch (name) {
            case "response_style" -> expectedAction.word();
            case "agree" -> agrees.orElse(true) ? "agree" : "disagree";
            default -> "";
        };
        JsonNode named = first(options, option -> option.asText("").equalsIgnoreCase(wanted));
        return named.isMissingNode() ? options.path(good ? options.size() - 1 : 0) : named;
    }

    private double number(String name, JsonNode schema) {
        double min = schema.path("minimum").asDouble(0);
        double max = schema.path("maximum").asDouble(10);
        double share = good ? SeededChoice.oneOf(List.of(0.9, 1.0), "score", name, seed) : 0.2;
        return min + share * (max - min);
    }

    private String text(String name, JsonNode schema) {
        String text = name.equals("response_style")
                ? expectedAction.word()
                : good
                        ? "The clause that governs is cited and the answer follows it. (mock model)"
                        : "The answer is missing or does not rest on the clause that governs. (mock model)";
        int maxLength = schema.path("maxLength").asInt(Integer.MAX_VALUE);
        return text.substring(0, Math.clamp(maxLength, 0, text.length()));
    }

    private static boolean allowsNull(JsonNode schema) {
        return Stream.of("type", "anyOf", "oneOf", "enum")
                .flatMap(key -> StreamSupport.stream(schema.path(key).spliterator(), false))
                .anyMatch(option -> option.isNull()
                        || option.asText("").equals("null")
                        || type(option).equals("null"));
    }

    private static String type(JsonNode schema) {
        JsonNode type = schema.path("type");
        if (type.isArray()) {
            return first(type, option -> !option.asText("").equals("null")).asText("null");
        }
        return type.asText(schema.has("properties") ? "object" : "");
    }

    private static JsonNode first(JsonNode options, Predicate<JsonNode> wanted) {
        return StreamSupport.stream(options.spliterator(), false)
                .filter(wanted)
                .findFirst()
                .orElseGet(() -> options.path(-1));
    }
}
