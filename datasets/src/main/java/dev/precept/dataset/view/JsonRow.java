package dev.precept.dataset.view;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes a row of any view as JSON. Null columns are included, so all rows have the same fields. Times are ISO-8601 in UTC,
 * enumerations are names, and texts that hold JSON are values.
 */
public final class JsonRow {
    private JsonRow() {}

    /** Writes the columns of a row as fields of the current object. */
    public static void fields(IndexedRecord row, JsonGenerator out) throws IOException {
        for (Schema.Field field : row.getSchema().getFields()) {
            out.writeFieldName(field.name());
            value(row.get(field.pos()), field.schema(), out);
        }
    }

    private static void value(@Nullable Object value, Schema schema, JsonGenerator out) throws IOException {
        switch (value) {
            case null -> out.writeNull();
            case IndexedRecord record -> {
                out.writeStartObject();
                fields(record, out);
                out.writeEndObject();
            }
            case Collection<?> list -> {
                out.writeStartArray();
                for (Object element : list) {
                    value(element, nonNull(schema).getElementType(), out);
                }
                out.writeEndArray();
            }
            case Map<?, ?> map -> {
                out.writeStartObject();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.writeFieldName(String.valueOf(entry.getKey()));
                    value(entry.getValue(), nonNull(schema).getValueType(), out);
                }
                out.writeEndObject();
            }
            case Instant time -> out.writeString(time.toString());
            case Boolean truth -> out.writeBoolean(truth);
            case Integer number -> out.writeNumber(number);
            case Long number -> number(number, nonNull(schema), out);
            case Float number -> out.writeNumber(number);
            case Double number -> out.writeNumber(number);
            default -> {
                if (JsonText.isMarked(nonNull(schema))) {
                    out.writeRawValue(value.toString());
                } else {
                    out.writeString(value.toString());
                }
            }
        }
    }

    private static void number(long number, Schema schema, JsonGenerator out) throws IOException {
        if (schema.getLogicalType() instanceof LogicalTypes.TimestampMillis) {
            out.writeString(Instant.ofEpochMilli(number).toString());
        } else {
            out.writeNumber(number);
        }
    }

    /** The schema of a value that is not null. */
    private static Schema nonNull(Schema schema) {
        return schema.getType() == Schema.Type.UNION
                ? schema.getTypes().stream()
                        .filter(type -> type.getType() != Schema.Type.NULL)
                        .findFirst()
                        .orElseThrow()
                : Objects.requireNonNull(schema);
    }
}
