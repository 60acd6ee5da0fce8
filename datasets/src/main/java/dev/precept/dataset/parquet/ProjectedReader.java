package dev.precept.dataset.parquet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.io.LocalInputFile;

/** Reads some columns of a file; the pages of other columns are not read. */
public final class ProjectedReader {
    private ProjectedReader() {}

    /**
     * A reader of the rows in order, with only these columns. The caller closes it.
     *
     * @param schema schema of all columns
     * @param paths columns, nested ones with a dot, also those of the elements of a list
     */
    public static ParquetReader<GenericRecord> open(Path file, Schema schema, List<String> paths) throws IOException {
        return builder(file, projection(schema, paths)).build();
    }

    /** As {@link #open(Path, Schema, List)}, of a file in which any value may be null, as other programs write it. */
    public static ParquetReader<GenericRecord> openNullable(Path file, Schema schema, List<String> paths)
            throws IOException {
        return builder(file, withNulls(projection(schema, paths))).build();
    }

    static ParquetReader.Builder<GenericRecord> builder(Path file, Schema schema, List<String> paths) {
        return builder(file, projection(schema, paths));
    }

    private static ParquetReader.Builder<GenericRecord> builder(Path file, Schema projection) {
        String wanted = projection.toString();
        PlainParquetConfiguration settings = new PlainParquetConfiguration();
        settings.set("parquet.avro.projection", wanted);
        settings.set("parquet.avro.read.schema", wanted);
        settings.setBoolean("parquet.avro.write-old-list-structure", false);
        return AvroParquetReader.<GenericRecord>builder(new LocalInputFile(file), settings)
                .withDataModel(GenericData.get())
                .withSerializableClasses(new String[0])
                .disableCompatibility()
                .withCodecFactory(new ZstdCodecs(ParquetFiles.LEVEL));
    }

    private static Schema projection(Schema schema, List<String> paths) {
        Map<String, List<String>> below = new LinkedHashMap<>();
        for (String path : paths) {
            int dot = path.indexOf('.');
            List<String> nested =
                    below.computeIfAbsent(dot < 0 ? path : path.substring(0, dot), _ -> new ArrayList<>());
            if (dot >= 0) {
                nested.add(path.substring(dot + 1));
            }
        }
        List<Schema.Field> fields = new ArrayList<>();
        for (Schema.Field field : schema.getFields()) {
            List<String> nested = below.get(field.name());
            if (nested != null) {
                Schema type = nested.isEmpty() ? field.schema() : nested(field.schema(), nested);
                fields.add(new Schema.Field(field.name(), type, null, null, field.order()));
            }
        }
        return Schema.createRecord(schema.getName(), null, schema.getNamespace(), false, fields);
    }

    /** The record with all fields of all records nullable. */
    private static Schema withNulls(Schema record) {
        List<Schema.Field> fields = record.getFields().stream()
                .map(field -> new Schema.Field(field.name(), orNull(field.schema()), null, null, field.order()))
                .toList();
        return Schema.createRecord(record.getName(), null, record.getNamespace(), false, fields);
    }

    private static Schema orNull(Schema schema) {
        List<Schema> types = schema.getType() == Schema.Type.UNION ? schema.getTypes() : List.of(schema);
        List<Schema> nullable = new ArrayList<>();
        nullable.add(Schema.create(Schema.Type.NULL));
        for (Schema type : types) {
            switch (type.getType()) {
                case NULL -> {}
                case RECORD -> nullable.add(withNulls(type));
                case ARRAY -> nullable.add(Schema.createArray(orNull(type.getElementType())));
                case MAP -> nullable.add(Schema.createMap(orNull(type.getValueType())));
                default -> nullable.add(type);
            }
        }
        return Schema.createUnion(nullable);
    }

    private static Schema nested(Schema schema, List<String> paths) {
        if (schema.getType() == Schema.Type.ARRAY) {
            return Schema.createArray(nested(schema.getElementType(), paths));
        } else if (schema.getType() != Schema.Type.UNION) {
            return projection(schema, paths);
        }
        return Schema.createUnion(schema.getTypes().stream()
                .map(type -> type.getType() == Schema.Type.RECORD ? projection(type, paths) : type)
                .toList());
    }
}
