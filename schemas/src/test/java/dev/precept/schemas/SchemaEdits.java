package dev.precept.schemas;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.avro.Schema;

/** Changes schemas, to make older or newer versions. */
public final class SchemaEdits {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SchemaEdits() {}

    static Schema field(Schema schema, String record, String field, Consumer<ObjectNode> change) {
        return definition(schema, record, definition -> change.accept(field(definition, field)));
    }

    public static Schema without(Schema schema, String record, String field) {
        return definition(schema, record, definition -> {
            ArrayNode fields = (ArrayNode) definition.get("fields");
            for (int i = 0; i < fields.size(); i++) {
                if (fields.get(i).get("name").asText().equals(field)) {
                    fields.remove(i);
                    return;
                }
            }
            throw new AssertionError(record + " has no " + field);
        });
    }

    public static Schema with(Schema schema, String record, String fieldJson) {
        return definition(schema, record, definition -> ((ArrayNode) definition.get("fields")).add(parsed(fieldJson)));
    }

    /** Changes the definition of a named type. */
    static Schema definition(Schema schema, String name, Consumer<ObjectNode> change) {
        JsonNode json = parsed(schema.toString());
        change.accept(
                find(json, name).orElseThrow(() -> new AssertionError(schema.getName() + " does not define " + name)));
        return new Schema.Parser().parse(json.toString());
    }

    private static Optional<ObjectNode> find(JsonNode json, String name) {
        if (json instanceof ObjectNode object
                && object.path("name").asText().equals(name)
                && (object.has("fields") || object.has("symbols"))) {
            return Optional.of(object);
        }
        return json.valueStream().flatMap(below -> find(below, name).stream()).findFirst();
    }

    private static ObjectNode field(ObjectNode definition, String name) {
        for (JsonNode field : definition.get("fields")) {
            if (field.get("name").asText().equals(name)) {
                return (ObjectNode) field;
            }
        }
        throw new AssertionError(definition.get("name") + " has no " + name);
    }

    private static JsonNode parsed(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }
}
