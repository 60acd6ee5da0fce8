package dev.precept.dataset.view;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * Texts that hold one JSON value each. In a Parquet file such a column has the logical type JSON: Hugging Face datasets reads it
 * as Python values, each with exactly its own keys.
 */
final class JsonText {
    /** Numbers keep the digits that they were written with. */
    static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final String MARK = "precept.json";

    private JsonText() {}

    static Schema schema() {
        Schema text = Schema.create(Schema.Type.STRING);
        text.addProp(MARK, true);
        return text;
    }

    static boolean isMarked(Schema schema) {
        return Boolean.TRUE.equals(schema.getObjectProp(MARK));
    }

    /** The marked columns, as dotted paths. */
    static List<String> columns(Schema record) {
        List<String> columns = new ArrayList<>();
        record.getFields().forEach(field -> collect(field.schema(), field.name(), columns));
        return columns;
    }

    private static void collect(Schema schema, String path, List<String> columns) {
        switch (schema.getType()) {
            case UNION -> schema.getTypes().forEach(type -> collect(type, path, columns));
            case ARRAY -> collect(schema.getElementType(), path + ".element", columns);
            case RECORD ->
                schema.getFields().forEach(field -> collect(field.schema(), path + "." + field.name(), columns));
            default -> {
                if (isMarked(schema)) {
                    columns.add(path);
                }
            }
        }
    }

    /** The value of a text; empty if it is no JSON. */
    static Optional<JsonNode> parse(String text) {
        try {
            JsonNode value = MAPPER.readTree(text);
            return value.isMissingNode() ? Optional.empty() : Optional.of(value);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    static String write(JsonNode value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can be written", e);
        }
    }
}
