package dev.precept.dataset.release;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.dataset.view.View;
import org.apache.avro.Schema;

/** The columns of a view as a record set of Croissant. */
final class CroissantRecords {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String files;

    private CroissantRecords(String files) {
        this.files = files;
    }

    /** @param files id of the set of files that has the rows */
    static ObjectNode of(View view, String files, Schema schema) {
        ObjectNode records = JSON.createObjectNode()
                .put("@type", "cr:RecordSet")
                .put("@id", view.label())
                .put("name", view.label())
                .put("description", view.description());
        ArrayNode fields = records.putArray("field");
        CroissantRecords made = new CroissantRecords(files);
        for (Schema.Field column : schema.getFields()) {
            fields.add(made.field(view.label() + "/" + column.name(), column.name(), "$", column));
        }
        return records;
    }

    /** @param path of the value that holds the field, within the column */
    private ObjectNode field(String id, String column, String path, Schema.Field of) {
        Schema type = present(of.schema());
        String inside = column.equals(of.name()) && path.equals("$") ? path : path + "." + of.name();
        ObjectNode field =
                JSON.createObjectNode().put("@type", "cr:Field").put("@id", id).put("name", id);
        if (type.getType() == Schema.Type.ARRAY) {
            field.put("isArray", true).put("arrayShape", "-1");
            type = present(type.getElementType());
            inside += "[*]";
        }
        ObjectNode source = field.putObject("source");
        source.putObject("fileSet").put("@id", files);
        source.putObject("extract").put("column", column);
        if (!inside.equals("$") && !inside.equals("$[*]")) {
            source.putObject("transform").put("jsonPath", inside);
        }
        if (type.getType() == Schema.Type.RECORD) {
            ArrayNode nested = field.putArray("subField");
            for (Schema.Field each : type.getFields()) {
                nested.add(field(id + "/" + each.name(), column, inside, each));
            }
        } else {
            field.put("dataType", dataType(type));
        }
        return field;
    }

    private static Schema present(Schema type) {
        return type.getType() != Schema.Type.UNION
                ? type
                : type.getTypes().stream()
                        .filter(each -> each.getType() != Schema.Type.NULL)
                        .findFirst()
                        .orElseThrow();
    }

    private static String dataType(Schema type) {
        return switch (type.getType()) {
            case INT, LONG -> type.getLogicalType() == null ? "sc:Integer" : "sc:DateTime";
            case FLOAT, DOUBLE -> "sc:Float";
            case BOOLEAN -> "sc:Boolean";
            default -> "sc:Text";
        };
    }
}
