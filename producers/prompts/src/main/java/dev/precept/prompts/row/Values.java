package dev.precept.prompts.row;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a value of a row says, whatever the tool that wrote it: nulls in every form, and lists that are text. */
final class Values {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Values() {}

    /** Whether a value is a null in one of its forms: null, NaN, a blank string, an empty list. */
    static boolean isAbsent(@Nullable JsonNode value) {
        return value == null
                || value.isNull()
                || value.isMissingNode()
                || isNaN(value)
                || (value.isTextual() && value.textValue().isBlank())
                || (value.isArray() && value.isEmpty());
    }

    static boolean isNaN(JsonNode value) {
        return (value.isDouble() || value.isFloat()) && Double.isNaN(value.doubleValue());
    }

    /** A scalar as text: a whole number without a fraction, whatever its column's type. */
    static String scalar(JsonNode value) {
        boolean whole = value.isFloatingPointNumber()
                && value.doubleValue() == Math.rint(value.doubleValue())
                && Math.abs(value.doubleValue()) < 1e15;
        return whole ? String.valueOf((long) value.doubleValue()) : value.asText();
    }

    /**
     * Parses a list or an object that is text: JSON, or what Python prints for it. Other values are returned as they are.
     *
     * @throws UnusableRowException if the text starts like one and is not
     */
    static JsonNode parsed(JsonNode value, String name) throws UnusableRowException {
        if (!value.isTextual()) {
            return value;
        }
        String text = value.textValue().strip();
        if (!text.startsWith("[") && !text.startsWith("{")) {
            return value;
        }
        try {
            JsonNode json = JsonRow.JSON.readTree(text);
            return json.isMissingNode() ? value : json;
        } catch (JsonProcessingException notJson) {
            try {
                return new PythonLiteral(text).parse();
            } catch (IllegalArgumentException notPython) {
                throw UnusableRowException.unreadable(
                        "'" + name + "' is not valid JSON; write it with json.dumps or to_json");
            }
        }
    }

    /** Turns an object of equally long lists, as columns have it, into a list of objects; returns other values as they are. */
    static JsonNode transposed(JsonNode value) {
        if (!value.isObject() || value.isEmpty()) {
            return value;
        }
        int length = value.elements().next().size();
        for (JsonNode column : value) {
            if (!column.isArray() || column.size() != length) {
                return value;
            }
        }
        ArrayNode list = NODES.arrayNode();
        for (int i = 0; i < length; i++) {
            ObjectNode item = list.addObject();
            for (Map.Entry<String, JsonNode> column : value.properties()) {
                item.set(column.getKey(), column.getValue().get(i));
            }
        }
        return list;
    }

    /** A copy without NaN: a member of an object is left out, an element of a list is null. */
    static JsonNode withoutNaN(JsonNode value) {
        if (!value.isContainerNode()) {
            return isNaN(value) ? NODES.nullNode() : value;
        }
        if (value instanceof ObjectNode object) {
            ObjectNode copy = NODES.objectNode();
            object.properties().stream()
                    .filter(member -> !isNaN(member.getValue()))
                    .forEach(member -> copy.set(member.getKey(), withoutNaN(member.getValue())));
            return copy;
        }
        ArrayNode copy = NODES.arrayNode();
        value.forEach(item -> copy.add(withoutNaN(item)));
        return copy;
    }
}
