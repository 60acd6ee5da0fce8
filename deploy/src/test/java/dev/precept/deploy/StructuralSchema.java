package dev.precept.deploy;

import static dev.precept.deploy.Manifest.elements;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The structural schema of a custom resource definition (the part of OpenAPI v3 that the API server enforces). Stricter than
 * the API server: a field that it would prune silently is a problem too. CEL rules are not evaluated.
 */
record StructuralSchema(JsonNode root) {
    /** Problems of a document, each with its JSON pointer. */
    List<String> problems(JsonNode document) {
        List<String> problems = new ArrayList<>();
        check(root, document, "", problems);
        return problems;
    }

    private static void check(JsonNode schema, JsonNode value, String at, List<String> problems) {
        if (!hasType(schema, value)) {
            problems.add(at + ": is " + value.getNodeType() + ", must be "
                    + schema.path("type").asText("int or string"));
            return;
        }
        limits(schema, value, at, problems);
        if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                check(schema.path("items"), value.get(i), at + "/" + i, problems);
            }
        } else if (value.isObject()) {
            fields(schema, value, at, problems);
        }
    }

    private static boolean hasType(JsonNode schema, JsonNode value) {
        if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
            return value.isTextual() || value.isIntegralNumber();
        }
        return switch (schema.path("type").asText("any")) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            default -> true;
        };
    }

    private static void limits(JsonNode schema, JsonNode value, String at, List<String> problems) {
        if (schema.has("enum") && elements(schema.get("enum")).noneMatch(value::equals)) {
            problems.add(at + ": is " + value + ", must be one of " + schema.get("enum"));
        }
        if (value.isNumber()
                && (value.asDouble() < schema.path("minimum").asDouble(Double.NEGATIVE_INFINITY)
                        || value.asDouble() > schema.path("maximum").asDouble(Double.POSITIVE_INFINITY))) {
            problems.add(at + ": " + value + " is out of bounds");
        }
        if (value.isTextual()
                && schema.has("pattern")
                && !Pattern.compile(schema.get("pattern").asText())
                        .matcher(value.asText())
                        .find()) {
            problems.add(at + ": " + value + " does not match " + schema.get("pattern"));
        }
    }

    private static void fields(JsonNode schema, JsonNode value, String at, List<String> problems) {
        elements(schema.path("required"))
                .filter(name -> !value.has(name.asText()))
                .forEach(name -> problems.add(at + ": lacks " + name.asText()));
        JsonNode more = schema.path("additionalProperties");
        boolean open = schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()
                || (schema.path("properties").isMissingNode() && more.isMissingNode());
        value.properties().forEach(field -> {
            JsonNode known = schema.path("properties").path(field.getKey());
            String path = at + "/" + field.getKey();
            if (!known.isMissingNode()) {
                check(known, field.getValue(), path, problems);
            } else if (more.isObject()) {
                check(more, field.getValue(), path, problems);
            } else if (!open && !more.asBoolean()) {
                problems.add(path + ": no such field");
            }
        });
    }
}
