package dev.precept.dataset.view;

import dev.precept.records.Sample;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;

/** Columns that several views have. */
final class Columns {
    static final Schema TEXTS = Schema.createArray(Schema.create(Schema.Type.STRING));

    private static final String TOOLS = "tools";

    private Columns() {}

    /** Adds the column of tools, if the version has any: readers such as verl's take a column of nulls for tools. */
    static SchemaBuilder.FieldAssembler<Schema> tools(SchemaBuilder.FieldAssembler<Schema> fields, RowFormat format) {
        return format.json()
                ? fields.name(TOOLS).type(MessageForm.toolsSchema()).withDefault(null)
                : fields;
    }

    static void putTools(GenericData.Record row, Sample sample) {
        if (row.getSchema().getField(TOOLS) != null) {
            row.put(TOOLS, MessageForm.tools(sample.getTools()));
        }
    }
}
