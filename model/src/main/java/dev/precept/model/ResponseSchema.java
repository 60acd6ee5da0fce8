package dev.precept.model;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The structure that an answer must have.
 *
 * @param schema a JSON Schema
 */
public record ResponseSchema(String name, JsonNode schema) {
    public ResponseSchema {
        if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
            throw new IllegalArgumentException(
                    "the name of a schema must be 1 to 64 of A-Z a-z 0-9 _ -, not '" + name + "'");
        }
        if (!schema.isObject()) {
            throw new IllegalArgumentException("schema " + name + " must be a JSON object");
        }
    }
}
